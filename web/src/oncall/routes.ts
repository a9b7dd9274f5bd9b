import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/oncall', name: 'oncall', component: () => import('./OncallPage.vue') },
] satisfies RouteRecordRaw[];
