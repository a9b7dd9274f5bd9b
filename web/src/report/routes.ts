import type { RouteRecordRaw } from 'vue-router';

export default [
  {
    path: '/r/:token([A-Za-z0-9_-]{12,64})',
    name: 'station-report',
    component: () => import('./ReportPage.vue'),
    props: true,
    meta: { public: true, bare: true, always: true },
  },
] satisfies RouteRecordRaw[];
