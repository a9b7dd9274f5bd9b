import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/login', name: 'login', component: () => import('./LoginPage.vue'), meta: { public: true, bare: true } },
  { path: '/welcome', name: 'setup', component: () => import('./SetupPage.vue'), meta: { bare: true } },
] satisfies RouteRecordRaw[];
