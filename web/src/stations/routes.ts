import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/stations/:id(\\d+)', name: 'station', component: () => import('./StationPage.vue'), props: true },
  {
    path: '/stations/:id(\\d+)/availability',
    name: 'station-availability',
    component: () => import('./timeline/AvailabilityPage.vue'),
    props: true,
  },
] satisfies RouteRecordRaw[];
