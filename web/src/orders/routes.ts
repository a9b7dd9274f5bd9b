import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/orders', name: 'orders', component: () => import('./list/OrderListPage.vue') },
  { path: '/orders/board', name: 'orders-board', component: () => import('./board/BoardPage.vue') },
  { path: '/orders/mine', name: 'orders-mine', component: () => import('./mine/MinePage.vue') },
  { path: '/orders/decisions', name: 'orders-decisions', component: () => import('./decisions/DecisionsPage.vue') },
  { path: '/orders/:id(\\d+)', name: 'order', component: () => import('./page/OrderPage.vue'), props: true },
  {
    path: '/contracts/:id(\\d+)/repair-terms',
    name: 'repair-terms',
    component: () => import('./terms/RepairTermsPage.vue'),
    props: true,
  },
  {
    path: '/c/:token',
    name: 'site-confirmation',
    component: () => import('./site/SiteConfirmPage.vue'),
    props: true,
    meta: { public: true, bare: true, always: true },
  },
] satisfies RouteRecordRaw[];
