import type { RouteRecordRaw } from 'vue-router';

export default [
  { path: '/users', name: 'users', component: () => import('./UserListPage.vue') },
  {
    path: '/users/:id(\\d+)',
    name: 'user',
    component: () => import('./UserPage.vue'),
    props: (to) => ({ id: Number(to.params.id) }),
  },
] satisfies RouteRecordRaw[];
