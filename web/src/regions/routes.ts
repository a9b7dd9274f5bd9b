import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/regions', name: 'regions', component: () => import('./RegionsPage.vue') },
] satisfies RouteRecordRaw[];
