import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/platform', name: 'platform', component: () => import('./PlatformPage.vue') },
] satisfies RouteRecordRaw[];
