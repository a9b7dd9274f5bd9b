import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/statements', name: 'statements', component: () => import('./StatementListPage.vue') },
  {
    path: '/statements/:id(\\d+)',
    name: 'statement',
    component: () => import('./page/StatementPage.vue'),
    props: true,
  },
  { path: '/money', name: 'money-at-risk', component: () => import('./risk/RiskPage.vue') },
  {
    path: '/contracts/:id(\\d+)/archive',
    name: 'settlement-archive',
    component: () => import('./archive/ArchivePage.vue'),
    props: true,
  },
  {
    path: '/contracts/:id(\\d+)/inputs',
    name: 'metric-inputs',
    component: () => import('./inputs/InputsPage.vue'),
    props: true,
  },
] satisfies RouteRecordRaw[];
