import { usePreferredDark, useStorage } from '@vueuse/core';
import { computed, watchEffect } from 'vue';

export type Locale = 'zh-CN' | 'en';
export type Theme = 'system' | 'light' | 'dark';
export type Density = 'dense' | 'roomy';

interface Preferences {
  locale: Locale;
  theme: Theme;
  density: Density;
  navFolded: boolean;
}

/** Chinese unless the browser asks for English and not for Chinese. */
export function initialLocale(languages: readonly string[]): Locale {
  const first = languages.find((l) => /^(zh|en)\b/i.test(l));
  return first?.toLowerCase().startsWith('en') ? 'en' : 'zh-CN';
}

const stored = useStorage<Preferences>(
  'uptally.preferences',
  { locale: initialLocale(navigator.languages), theme: 'system', density: 'dense', navFolded: false },
  localStorage,
  { mergeDefaults: true },
);
const systemDark = usePreferredDark();

/** What this browser remembers: language, theme, density, folded navigation. */
export function usePreferences() {
  const isDark = computed(() => (stored.value.theme === 'system' ? systemDark.value : stored.value.theme === 'dark'));
  return { preferences: stored, isDark };
}

/** Keeps the document's class in step with the theme, for the life of the page. */
export function applyTheme(): void {
  const { isDark } = usePreferences();
  watchEffect(() => document.documentElement.classList.toggle('dark', isDark.value));
}
