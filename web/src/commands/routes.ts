import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/commands', name: 'commands', component: () => import('./batches/BatchListPage.vue') },
  { path: '/commands/:id', name: 'command-batch', component: () => import('./batches/BatchPage.vue'), props: true },
] satisfies RouteRecordRaw[];
