import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/incidents', name: 'incidents', component: () => import('./IncidentListPage.vue') },
  { path: '/incidents/:id(\\d+)', name: 'incident', component: () => import('./page/IncidentPage.vue'), props: true },
] satisfies RouteRecordRaw[];
