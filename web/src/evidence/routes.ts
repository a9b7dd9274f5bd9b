import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/evidence', name: 'evidence', component: () => import('./EvidencePage.vue') },
] satisfies RouteRecordRaw[];
