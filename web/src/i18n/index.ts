import { watch } from 'vue';
import { createI18n } from 'vue-i18n';
import { type Locale, usePreferences } from '../app/preferences.ts';

/** One file an area and language: `zh-CN/devices.json` holds what is used as `devices.…`. A test holds the two languages together. */
type Messages = Record<string, Record<string, unknown>>;

const LOADERS: Record<Locale, () => Promise<{ default: Messages }>> = {
  'zh-CN': () => import('./zh-CN/index.ts'),
  en: () => import('./en/index.ts'),
};

export const i18n = createI18n({
  legacy: false,
  locale: 'zh-CN',
  fallbackLocale: false,
  missingWarn: import.meta.env.DEV,
  messages: {} as Record<Locale, never>,
});

/** Loads the language's messages once, then shows it. */
export async function showLocale(locale: Locale): Promise<void> {
  const { availableLocales, setLocaleMessage, locale: current } = i18n.global;
  if (!(availableLocales as string[]).includes(locale)) {
    setLocaleMessage(locale, (await LOADERS[locale]()).default as never);
  }
  current.value = locale;
  document.documentElement.lang = locale;
}

/** Shows the preferred language and follows its changes. Resolves when the first is ready. */
export async function followPreferredLocale(): Promise<void> {
  const { preferences } = usePreferences();
  watch(
    () => preferences.value.locale,
    (locale) => void showLocale(locale),
  );
  await showLocale(preferences.value.locale);
}
