import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { precompress } from './precompress.ts';

/** Where the development server finds the API. The built console is served by the API itself. */
const API = 'http://127.0.0.1:8080';

/**
 * What every page needs comes in a few large files: the first page waits for each file in turn, and a hundred small ones cost more
 * than they save. Parts of Element Plus that only some pages use stay with those pages.
 */
const groups = [
  {
    name: 'vendor',
    priority: 20,
    test: /node_modules\/(@?vue|vue-router|vue-i18n|@intlify|pinia|@tanstack|@vueuse|openapi-fetch|socket\.io|engine\.io|@socket\.io)/,
  },
  { name: 'element', priority: 15, test: /node_modules\/(element-plus|@element-plus|@floating-ui|@popperjs|async-validator|lodash)/, minShareCount: 4 },
  { name: 'shell', priority: 10, test: /web\/src\/(app|ui|api|format|realtime|styles)\// , minShareCount: 2 },
]; // biome-ignore format: one row a group

export default defineConfig({
  plugins: [vue(), precompress()],
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
