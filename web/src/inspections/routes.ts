import type { RouteRecordRaw } from 'vue-router';

const plan = () => import('./plans/PlanPage.vue');

export default [
  { path: '/inspections', name: 'inspections', component: () => import('./calendar/CalendarPage.vue') },
  { path: '/inspections/mine', name: 'inspections-mine', component: () => import('./mine/MinePage.vue') },
  { path: '/inspections/rate', name: 'inspection-rate', component: () => import('./rate/RatePage.vue') },
  { path: '/inspections/plans', name: 'inspection-plans', component: () => import('./plans/PlanListPage.vue') },
  { path: '/inspections/plans/new', name: 'inspection-plan-new', component: plan },
  { path: '/inspections/plans/:id(\\d+)', name: 'inspection-plan', component: plan, props: true },
  { path: '/inspections/:id(\\d+)', name: 'inspection', component: () => import('./task/TaskPage.vue'), props: true },
] satisfies RouteRecordRaw[];
