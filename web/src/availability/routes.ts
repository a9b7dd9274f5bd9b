import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/availability', name: 'availability', component: () => import('./AvailabilityPage.vue') },
  { path: '/availability/compare', name: 'availability-compare', component: () => import('./compare/ComparePage.vue') },
] satisfies RouteRecordRaw[];
