import type { RouteRecordRaw } from 'vue-router';
import OverviewPage from './OverviewPage.vue';

/** The page that everybody sees first comes with the console itself: a further round trip and a dozen small files cost more. */
export default [{ path: '/', name: 'overview', component: OverviewPage }] satisfies RouteRecordRaw[];
