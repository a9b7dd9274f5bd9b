import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/ledger', name: 'ledger', component: () => import('./LedgerPage.vue') },
] satisfies RouteRecordRaw[];
