import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/** Where the development server finds the API. The built console is served by the API itself. */
const API = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [vue()],
  define: {
    __VUE_OPTIONS_API__: 'true',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  server: { proxy: { '/api': API, '/socket.io': { target: API, ws: true } } },
  build: { target: 'es2022', chunkSizeWarningLimit: 700, reportCompressedSize: true },
});
