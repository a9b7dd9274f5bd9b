import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/quarantine', name: 'quarantine', component: () => import('./QuarantinePage.vue') },
] satisfies RouteRecordRaw[];
