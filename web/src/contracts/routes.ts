import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/contracts', name: 'contracts', component: () => import('./ContractListPage.vue') },
  { path: '/contracts/new', name: 'contract-new', component: () => import('./form/ContractFormPage.vue') },
  { path: '/contracts/calendar', name: 'calendar-days', component: () => import('./calendar/CalendarDaysPage.vue') },
  { path: '/contracts/:id(\\d+)', name: 'contract', component: () => import('./page/ContractPage.vue'), props: true },
  {
    path: '/contracts/:id(\\d+)/edit',
    name: 'contract-edit',
    component: () => import('./form/ContractFormPage.vue'),
    props: true,
  },
  {
    path: '/contracts/:id(\\d+)/closings/:cid(\\d+)',
    name: 'closing',
    component: () => import('./closings/ClosingPage.vue'),
    props: true,
  },
  { path: '/contracts/:id(\\d+)/terms', name: 'terms', component: () => import('./terms/TermsPage.vue'), props: true },
  {
    path: '/contracts/:id(\\d+)/terms/new',
    name: 'terms-new',
    component: () => import('./editor/EditorPage.vue'),
    props: true,
  },
  {
    path: '/contracts/:id(\\d+)/terms/:did(\\d+)',
    name: 'terms-version',
    component: () => import('./terms/VersionPage.vue'),
    props: true,
  },
  {
    path: '/contracts/:id(\\d+)/terms/:did(\\d+)/edit',
    name: 'terms-edit',
    component: () => import('./editor/EditorPage.vue'),
    props: true,
  },
  {
    path: '/contracts/:id(\\d+)/terms/:did(\\d+)/dry-run',
    name: 'terms-dry-run',
    component: () => import('./editor/DryRunPage.vue'),
    props: true,
  },
] satisfies RouteRecordRaw[];
