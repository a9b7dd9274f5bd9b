import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import { type Period, periodQuery, periodText } from '../../availability/period.ts';
import { type Exclusion, type Layers, type Piece, pieces, type Segment, type Stretch } from './pieces.ts';
import type { StationTimeline, WireSegment } from './types.ts';
import type { Picked } from './useTimelineUrl.ts';

const REFRESH_MS = 60_000;
const iso = (ms: number) => new Date(ms).toISOString();

interface Asked {
  readonly id: Ref<string>;
  readonly contract: Ref<number | null>;
  readonly period: Ref<Period>;
  readonly whole: Ref<Stretch>;
}

function stretch(wire: { readonly from: string; readonly to: string | null }, endMs: number): Stretch {
  return { fromMs: Date.parse(wire.from), toMs: wire.to === null ? endMs : Date.parse(wire.to) };
}

function segment(wire: WireSegment): Segment {
  return { ...stretch(wire, 0), state: wire.state, cause: wire.cause, component: wire.component ?? undefined };
}

/** The answer's layers for one dimension. */
export function layersOf(answer: StationTimeline, dimension: 'network' | 'equipment'): Layers {
  const whole = stretch(answer, 0);
  const exclusions: Exclusion[] = answer.exclusions.map((e) => ({ ...e, ...stretch(e, whole.toMs) }));
  const off = answer.not_required.map((s) => stretch(s, whole.toMs));
  return { ...whole, asOfMs: Date.parse(answer.as_of), segments: answer[dimension].map(segment), exclusions, off };
}

/** Rates and timeline of a station over a period, under a contract. */
export function useStationTimeline(asked: Asked) {
  const number = computed(() => Number(asked.id.value));
  const figures = useQuery({
    queryKey: computed(() => [
      'availability',
      'station',
      number.value,
      asked.contract.value,
      periodText(asked.period.value),
    ]),
    queryFn: ({ signal }) => {
      const query = { contract: asked.contract.value ?? 0, ...periodQuery(asked.period.value) };
      const params = { path: { id: number.value }, query };
      return data(api.GET('/api/v1/stations/{id}/availability', { params, signal }));
    },
    enabled: computed(() => asked.contract.value !== null),
    refetchInterval: REFRESH_MS,
  });
  const timeline = useQuery({
    queryKey: computed(() => ['availability', 'timeline', number.value, asked.contract.value, asked.whole.value]),
    queryFn: ({ signal }) => {
      const { fromMs, toMs } = asked.whole.value;
      const query = { contract: asked.contract.value ?? 0, from: iso(fromMs), to: iso(toMs) };
      const params = { path: { id: number.value }, query };
      return data(api.GET('/api/v1/stations/{id}/timeline', { params, signal }));
    },
    enabled: computed(() => asked.contract.value !== null),
    placeholderData: keepPreviousData,
    refetchInterval: REFRESH_MS,
  });
  const bands = computed<Record<'network' | 'equipment', Piece[]> | null>(() => {
    const answer = timeline.data.value;
    if (!answer) return null;
    return {
      network: pieces(layersOf(answer, 'network'), 'network'),
      equipment: pieces(layersOf(answer, 'equipment'), 'equipment'),
    };
  });
  return { figures, timeline, bands };
}

/** Why an instant is what it is, with the records that prove it. */
export function useExplanation(id: Ref<string>, contract: Ref<number | null>, picked: Ref<Picked | null>) {
  return useQuery({
    queryKey: computed(() => ['availability', 'explain', Number(id.value), contract.value, picked.value]),
    queryFn: ({ signal }) => {
      const { atMs, dimension } = picked.value ?? { atMs: 0, dimension: 'network' as const };
      const query = { contract: contract.value ?? 0, dimension, at: iso(atMs) };
      const params = { path: { id: Number(id.value) }, query };
      return data(api.GET('/api/v1/stations/{id}/explain', { params, signal }));
    },
    enabled: computed(() => picked.value !== null && contract.value !== null),
  });
}

export interface Swap {
  readonly atMs: number;
  /** Serials of the device that left and the one that came, where there is one. */
  readonly left: string | null;
  readonly came: string | null;
}

/** Where another device began, or the last one left, within a window. */
export function swapsOf(answer: StationTimeline | undefined, window: Stretch): Swap[] {
  const at = new Map<number, { left: string | null; came: string | null }>();
  const entry = (text: string) => {
    const ms = Date.parse(text);
    const known = at.get(ms) ?? { left: null, came: null };
    at.set(ms, known);
    return known;
  };
  for (const i of answer?.installations ?? []) {
    entry(i.from).came = i.serial;
    if (i.to !== null) entry(i.to).left = i.serial;
  }
  return [...at]
    .map(([atMs, who]) => ({ atMs, ...who }))
    .filter((s) => s.atMs > window.fromMs && s.atMs < window.toMs)
    .sort((a, b) => a.atMs - b.atMs);
}
