import {
  createRouter,
  createWebHistory,
  type RouteLocationNormalized,
  type RouteRecordRaw,
  type Router,
} from 'vue-router';
import { useSession } from './session.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** Shown without a session. */
    readonly public?: boolean;
    /** Without the shell: the sign-in pages. */
    readonly bare?: boolean;
    /** Of the public ones: shown to those who are signed in as well. */
    readonly always?: boolean;
  }
}

/** Each capability registers its pages in `<capability>/routes.ts`, default export. */
const modules = import.meta.glob<RouteRecordRaw[]>('../*/routes.ts', { eager: true, import: 'default' });

const fallback: RouteRecordRaw = { path: '/:rest(.*)*', name: 'missing', component: () => import('./MissingPage.vue') };

async function guard(to: RouteLocationNormalized) {
  const session = useSession();
  await session.ready();
  if (session.failure) return true;
  if (!session.user)
    return to.meta.public ? true : { name: 'login', query: to.fullPath === '/' ? {} : { next: to.fullPath } };
  if (session.mustSetUp) return to.name === 'setup' ? true : { name: 'setup' };
  if (to.meta.always) return true;
  return to.meta.public || to.name === 'setup' ? { name: 'overview' } : true;
}

export function createConsoleRouter(): Router {
  const router = createRouter({
    history: createWebHistory(),
    routes: [...Object.values(modules).flat(), fallback],
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });
  router.beforeEach(guard);
  return router;
}

/** Begins to load the code of a page before it is known whether it will be shown. What fails here is told when it is opened. */
export function loadPageOf(router: Router, path: string): void {
  for (const { components } of router.resolve(path).matched) {
    for (const component of Object.values(components ?? {})) {
      if (typeof component === 'function') void (component as () => Promise<unknown>)().catch(() => {});
    }
  }
}
