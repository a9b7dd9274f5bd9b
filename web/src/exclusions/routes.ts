import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/exclusions', name: 'exclusions', component: () => import('./ExclusionListPage.vue') },
  { path: '/exclusions/new', name: 'exclusion-new', component: () => import('./propose/ProposePage.vue') },
  {
    path: '/exclusions/:id(\\d+)',
    name: 'exclusion',
    component: () => import('./page/ExclusionPage.vue'),
    props: true,
  },
] satisfies RouteRecordRaw[];
