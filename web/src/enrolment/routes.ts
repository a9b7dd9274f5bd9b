import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/enrolment', name: 'enrolment', component: () => import('./EnrolmentPage.vue') },
] satisfies RouteRecordRaw[];
