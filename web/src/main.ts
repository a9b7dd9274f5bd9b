import './app/element.ts';
import './styles/tokens.css';
import './styles/base.css';
import { VueQueryPlugin } from '@tanstack/vue-query';
import { createPinia } from 'pinia';
import { createApp } from 'vue';
import App from './app/App.vue';
import { applyTheme } from './app/preferences.ts';
import { createQueryClient } from './app/query.ts';
import { createConsoleRouter, loadPageOf } from './app/router.ts';
import { followPreferredLocale, i18n } from './i18n/index.ts';

const app = createApp(App);
app.use(createPinia());
app.use(VueQueryPlugin, { queryClient: createQueryClient() });
app.use(i18n);
applyTheme();
const router = createConsoleRouter();
// The page's own code comes while words and session are still on their way.
loadPageOf(router, location.pathname);
await followPreferredLocale();
app.use(router);
app.mount('#app');
