import { computed } from 'vue';
import { type LocationQuery, type LocationQueryRaw, useRoute, useRouter } from 'vue-router';
import { day } from '../format/time.ts';
import { useFormat } from '../format/useFormat.ts';
import { writeFilters } from '../ui/table/useListUrl.ts';
import { type Period, parsePeriod, periodAround, periodText } from './period.ts';

/** Orders of the table, worst first; with `-` the other way round. */
export const SORTS = ['network', 'equipment', 'down', 'name'] as const;
export type SortKey = (typeof SORTS)[number];
export type Sort = SortKey | `-${SortKey}`;
export const DEFAULT_SORT: Sort = 'network';

export function sortOf(value: string): Sort {
  const known = SORTS.some((s) => s === value || `-${s}` === value);
  return known ? (value as Sort) : DEFAULT_SORT;
}

/** The order after a click on a head: worst first, then turned round. */
export function nextOrder(current: Sort, key: SortKey): Sort {
  return current === key ? `-${key}` : key;
}

/** What is looked at: everything under one node of the tree. None: all that the reader may see. */
export interface Scope {
  readonly region?: number;
  readonly site?: number;
}

function text(query: LocationQuery, name: string): string {
  const value = query[name];
  return (Array.isArray(value) ? value[0] : value) ?? '';
}
function id(query: LocationQuery, name: string): number | undefined {
  const value = Number(text(query, name));
  return Number.isInteger(value) && value > 0 ? value : undefined;
}

export function scopeOf(query: LocationQuery): Scope {
  const [site, region] = [id(query, 'site'), id(query, 'region')];
  if (site !== undefined) return { site };
  return region === undefined ? {} : { region };
}

/** The zoom of the chart, as days: a period within the shown one, or null. */
export function zoomOf(query: LocationQuery, period: Period): Period | null {
  const zoom = parsePeriod(text(query, 'zoom'));
  if (!zoom || zoom.fromDay < period.fromDay || zoom.toDay > period.toDay) return null;
  return zoom.fromDay === period.fromDay && zoom.toDay === period.toDay ? null : { ...zoom, kind: 'days' };
}

/** The availability page's address: contract, period, place, order and zoom. The plain address is the running month of everything. */
export function useView() {
  const route = useRoute();
  const router = useRouter();
  const { now } = useFormat();
  const today = computed(() => day(now.value));
  const period = computed(() => parsePeriod(text(route.query, 'period')) ?? periodAround('month', today.value));
  const contract = computed(() => id(route.query, 'contract'));
  const scope = computed(() => scopeOf(route.query));
  const sort = computed(() => sortOf(text(route.query, 'sort')));
  const zoom = computed(() => zoomOf(route.query, period.value));

  function changed(changes: Readonly<Record<string, string>>): LocationQueryRaw {
    return writeFilters(route.query, changes) as LocationQueryRaw;
  }
  const write = (p: Period) => (periodText(p) === periodText(periodAround('month', today.value)) ? '' : periodText(p));
  return {
    today,
    period,
    contract,
    scope,
    sort,
    zoom,
    /** Contract and period of the address, for links to other pages about the same time. */
    context: computed(() => ({
      ...(contract.value === undefined ? {} : { contract: String(contract.value) }),
      period: periodText(period.value),
    })),
    /** A step down or up the tree: a link, so that it opens in a new tab and "back" goes back. */
    scopeQuery: (to: Scope) =>
      changed({ region: to.region ? String(to.region) : '', site: to.site ? String(to.site) : '' }),
    setPeriod: (p: Period) => void router.push({ query: changed({ period: write(p), zoom: '' }) }),
    setContract: (value: string) => void router.push({ query: changed({ contract: value, region: '', site: '' }) }),
    setSort: (value: Sort) => void router.replace({ query: changed({ sort: value === DEFAULT_SORT ? '' : value }) }),
    setZoom: (p: Period | null) => void router.push({ query: changed({ zoom: p ? periodText(p) : '' }) }),
  };
}
export type View = ReturnType<typeof useView>;
