import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/account', name: 'account', component: () => import('./AccountPage.vue') },
] satisfies RouteRecordRaw[];
