import { join } from 'node:path';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';
import { wordFiles } from './words.ts';

/** Where the development server finds the API. The built console is served by the API itself. */
const API = 'http://127.0.0.1:8080';

interface Modules {
  getModuleInfo(id: string): { readonly importedIds: readonly string[] } | null;
}
let first: Set<string> | undefined;

/** The modules that come with the console itself, not with one of its pages. */
function firstModules(modules: Modules): ReadonlySet<string> {
  if (first) return first;
  first = new Set([join(import.meta.dirname, 'src/main.ts')]);
  for (const id of first) for (const imported of modules.getModuleInfo(id)?.importedIds ?? []) first.add(imported);
  return first;
}

/**
 * What the first page needs comes in a few large files: the browser fetches six at a time, and a hundred small ones cost more than they
 * save. So does what many pages share. Parts of Element Plus that only some pages use stay with those pages.
 */
const groups = [
  {
    name: 'vendor',
    priority: 20,
    test: /node_modules\/(@?vue|vue-router|vue-i18n|@intlify|pinia|@tanstack|@vueuse|openapi-fetch|socket\.io|engine\.io|@socket\.io)/,
  },
  {
    name: (id: string, modules: Modules) => (firstModules(modules).has(id) ? 'first' : null),
    priority: 15,
  },
  { name: 'element', priority: 10, test: /node_modules\/(element-plus|@element-plus|@floating-ui|@popperjs|async-validator|lodash)/, minShareCount: 4 },
  { name: 'shared', priority: 5, test: /web\/src\/(app|ui|api|format|realtime|styles)\// , minShareCount: 2 },
]; // biome-ignore format: one row a group

export default defineConfig({
  plugins: [vue(), wordFiles(), precompress()],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy: { '/api': API, '/socket.io': { target: API, ws: true } } },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 700,
    reportCompressedSize: true,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
});
