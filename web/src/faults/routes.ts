import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/faults', name: 'faults', component: () => import('./FaultListPage.vue') },
  { path: '/faults/:id(\\d+)', name: 'fault', component: () => import('./page/FaultPage.vue'), props: true },
  { path: '/labels', name: 'labels', component: () => import('./LabelPage.vue'), meta: { bare: true } },
] satisfies RouteRecordRaw[];
