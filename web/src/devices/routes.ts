import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/devices', name: 'devices', component: () => import('./DeviceListPage.vue') },
  { path: '/devices/:id', name: 'device', component: () => import('./page/DevicePage.vue'), props: true },
] satisfies RouteRecordRaw[];
