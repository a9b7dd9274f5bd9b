import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/stations/:id(\\d+)', name: 'station', component: () => import('./StationPage.vue'), props: true },
] satisfies RouteRecordRaw[];
