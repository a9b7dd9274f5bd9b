import { createSharedComposable, useNow } from '@vueuse/core';
import { useI18n } from 'vue-i18n';
import type { Locale } from '../app/preferences.ts';
import { ago, duration, left } from './duration.ts';
import { listWords } from './number.ts';
import { absolute, type Instant, shortAbsolute, toMs } from './time.ts';

const useTick = createSharedComposable(() => useNow({ interval: 10_000 }));

/** Formatters bound to the shown language and a shared clock that ticks every 10 s, so that "3 分钟前" grows older by itself. */
export function useFormat() {
  const { locale } = useI18n();
  const now = useTick();
  const lang = () => locale.value as Locale;
  const nowMs = () => now.value.getTime();
  return {
    now,
    ago: (at: Instant) => ago(nowMs() - toMs(at), lang()),
    since: (at: Instant) => duration(nowMs() - toMs(at), lang()),
    left: (at: Instant) => left(toMs(at) - nowMs(), lang()),
    duration: (ms: number) => duration(ms, lang()),
    absolute,
    short: (at: Instant) => shortAbsolute(at, nowMs()),
    list: (words: readonly string[]) => listWords(words, lang()),
  };
}
