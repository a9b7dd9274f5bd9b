import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/stock', name: 'stock', component: () => import('./StockPage.vue') },
  {
    path: '/stock/stores/:id(\\d+)',
    name: 'stock-store',
    component: () => import('./store/StorePage.vue'),
    props: true,
  },
  { path: '/stock/movements', name: 'stock-movements', component: () => import('./MovementsPage.vue') },
  { path: '/stock/repairs', name: 'stock-repairs', component: () => import('./repairs/RepairsPage.vue') },
  { path: '/stock/wipes', name: 'stock-wipes', component: () => import('./wipes/WipesPage.vue') },
  { path: '/stock/parts', name: 'stock-parts', component: () => import('./parts/PartsPage.vue') },
  { path: '/stock/warranty', name: 'stock-warranty', component: () => import('./WarrantyPage.vue') },
] satisfies RouteRecordRaw[];
