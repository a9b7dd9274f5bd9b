import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/sites', name: 'sites', component: () => import('./SiteListPage.vue') },
  { path: '/sites/:id(\\d+)', name: 'site', component: () => import('./page/SitePage.vue'), props: true },
] satisfies RouteRecordRaw[];
