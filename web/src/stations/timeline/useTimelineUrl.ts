import { computed, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { type Period, periodText } from '../../availability/period.ts';
import { instantIn, wallTime } from '../../format/zones.ts';
import { writeFilters } from '../../ui/table/useListUrl.ts';
import { periodStretch, shownPeriod } from './period.ts';
import { DIMENSIONS, type Dimension, type Stretch } from './pieces.ts';
import { clampView } from './zoom.ts';

const one = (value: unknown) => (typeof value === 'string' ? value : '');

export interface Picked {
  readonly dimension: Dimension;
  readonly atMs: number;
}

/** What the page shows, as it stands in the address: contract, period, view within it, filters of the list, the interval that is looked at. */
export function useTimelineUrl(zone: Ref<string>, nowMs: () => number) {
  const route = useRoute();
  const router = useRouter();
  const contract = computed(() => Number(one(route.query.contract)) || null);
  const period = computed(() => shownPeriod(route.query.period, zone.value, nowMs()));
  const whole = computed(() => periodStretch(period.value, zone.value));
  const view = computed<Stretch | null>(() => {
    const [fromMs, toMs] = [route.query.from, route.query.to].map((v) => instantIn(zone.value, one(v)));
    if (fromMs === undefined || toMs === undefined || !(fromMs < toMs)) return null;
    return clampView({ fromMs, toMs }, whole.value);
  });
  const picked = computed<Picked | null>(() => {
    const [atMs, dimension] = [Date.parse(one(route.query.at)), DIMENSIONS.find((d) => d === route.query.in)];
    return dimension && Number.isFinite(atMs) ? { atMs, dimension } : null;
  });
  const filters = computed(() => ({ dimension: one(route.query.only), shown: one(route.query.show) }));

  const set = (changes: Record<string, string>) => void router.replace({ query: writeFilters(route.query, changes) });
  const inAddress = (v: Stretch | null) => ({
    from: v ? wallTime(zone.value, v.fromMs).slice(0, 16) : '',
    to: v ? wallTime(zone.value, v.toMs).slice(0, 16) : '',
  });
  return {
    contract,
    period,
    whole,
    view,
    picked,
    filters,
    chooseContract: (id: number) => set({ contract: String(id), at: '', in: '' }),
    choosePeriod: (p: Period) => set({ period: periodText(p), from: '', to: '', at: '', in: '' }),
    filter: (changes: { dimension?: string; shown?: string }) =>
      set({
        ...(changes.dimension === undefined ? {} : { only: changes.dimension }),
        ...(changes.shown === undefined ? {} : { show: changes.shown }),
      }),
    /** A new view is a step of the history, so that "back" undoes it; the steps of wheel and keys are not. */
    look(next: Stretch | null, step: 'step' | 'drift' = 'step'): void {
      const query = writeFilters(route.query, inAddress(next));
      void (step === 'step' ? router.push({ query }) : router.replace({ query }));
    },
    pick: (p: Picked | null) => set({ at: p ? new Date(p.atMs).toISOString() : '', in: p?.dimension ?? '' }),
  };
}

export type TimelineUrl = ReturnType<typeof useTimelineUrl>;
