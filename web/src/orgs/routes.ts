import type { RouteRecordRaw } from 'vue-router';

export default [{ path: '/orgs', name: 'orgs', component: () => import('./OrgsPage.vue') }] satisfies RouteRecordRaw[];
