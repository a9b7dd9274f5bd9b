import type { RouteRecordRaw } from 'vue-router';

const sheet = () => import('./ratings/RatingPage.vue');

export default [
  { path: '/duties', name: 'duties', component: () => import('./documents/DocumentsPage.vue') },
  {
    path: '/duties/:id(\\d+)',
    name: 'duty-document',
    component: () => import('./documents/DocumentPage.vue'),
    props: true,
  },
  { path: '/duties/complaints', name: 'complaints', component: () => import('./complaints/ComplaintListPage.vue') },
  {
    path: '/duties/complaints/:id(\\d+)',
    name: 'complaint',
    component: () => import('./complaints/ComplaintPage.vue'),
    props: true,
  },
  { path: '/duties/ratings', name: 'ratings', component: () => import('./ratings/RatingListPage.vue') },
  { path: '/duties/ratings/new', name: 'rating-new', component: sheet },
  { path: '/duties/ratings/:id(\\d+)', name: 'rating', component: sheet, props: true },
  { path: '/duties/roster', name: 'roster', component: () => import('./roster/RosterPage.vue') },
] satisfies RouteRecordRaw[];
