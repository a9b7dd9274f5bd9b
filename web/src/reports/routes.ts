import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/reports', name: 'reports', component: () => import('./ReportListPage.vue') },
  {
    path: '/reports/:id(\\d+)',
    name: 'service-report',
    component: () => import('./ReportPage.vue'),
    props: (to) => ({ id: Number(to.params.id) }),
  },
] satisfies RouteRecordRaw[];
