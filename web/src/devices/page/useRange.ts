import { computed } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { fromLocalInput, toLocalInput } from '../../format/time.ts';
import { useFormat } from '../../format/useFormat.ts';

const HOUR = 3_600_000;

/** Spans on offer, by their name in the URL. */
export const RANGES = {
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
  '7d': 168 * HOUR,
  '30d': 720 * HOUR,
  '90d': 2160 * HOUR,
} as const;
export type RangeName = keyof typeof RANGES;
const DEFAULT: RangeName = '24h';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The span that a query names: `from` and `to` in wall time of the contract zone, or `range` back from now. */
export function spanOf(
  query: Readonly<Record<string, unknown>>,
  nowMs: number,
): Span & { readonly name: RangeName | null } {
  const [from, to] = [query.from, query.to].map((v) =>
    typeof v === 'string' ? Date.parse(fromLocalInput(v)) : Number.NaN,
  );
  if (from !== undefined && to !== undefined && from < to) return { fromMs: from, toMs: to, name: null };
  const name =
    typeof query.range === 'string' && Object.hasOwn(RANGES, query.range) ? (query.range as RangeName) : DEFAULT;
  return { fromMs: nowMs - RANGES[name], toMs: nowMs, name };
}

/** The span of the charts, kept in the URL. A span that ends now moves on by the minute. */
export function useRange() {
  const route = useRoute();
  const router = useRouter();
  const { now } = useFormat();
  const minuteMs = computed(() => Math.ceil(now.value.getTime() / 60_000) * 60_000);
  const span = computed(() => spanOf(route.query, minuteMs.value));

  function choose(name: RangeName): void {
    const { from: _from, to: _to, range: _range, ...rest } = route.query;
    void router.replace({ query: name === DEFAULT ? rest : { ...rest, range: name } });
  }
  /** A zoom is a step of the history: "back" undoes it. Never narrower than two minutes, the grain of the URL. */
  function zoom(fromMs: number, toMs: number): void {
    const end = Math.max(toMs, fromMs + 120_000);
    const { range: _range, ...rest } = route.query;
    void router.push({ query: { ...rest, from: toLocalInput(fromMs), to: toLocalInput(end) } });
  }
  return { span, choose, zoom };
}
