import type { LocationQuery } from 'vue-router';
import { instantIn, wallTime } from '../../format/zones.ts';
import type { Kind } from '../useExclusions.ts';

export type TargetKind = 'station' | 'site' | 'region';
export const TARGET_KINDS = ['station', 'site', 'region'] as const;
export const DIMENSIONS = ['both', 'network', 'equipment'] as const;

export interface ProposeForm {
  contract: number | null;
  targetKind: TargetKind;
  target: number | null;
  kind: Kind | '';
  dimension: (typeof DIMENSIONS)[number];
  /** Wall times of the contract's zone, to the minute. */
  from: string;
  to: string;
  reason: string;
}

const one = (value: unknown) => (typeof value === 'string' ? value : '');

/** Outwards to full minutes, so that nothing of the interval is left behind. */
function wall(zone: string, text: string, up: boolean): string {
  const ms = Date.parse(text);
  if (!Number.isFinite(ms)) return '';
  const minute = 60_000;
  return wallTime(zone, (up ? Math.ceil(ms / minute) : Math.floor(ms / minute)) * minute).slice(0, 16);
}

/** A form as an address fills it in: from an interval of a timeline, or from a station's page. */
export function formFrom(query: LocationQuery, zone: string, contract: number | null): ProposeForm {
  const targetKind = TARGET_KINDS.find((k) => Number(one(query[k])) > 0) ?? 'station';
  return {
    contract,
    targetKind,
    target: Number(one(query[targetKind])) || null,
    kind: '',
    dimension: DIMENSIONS.find((d) => d === query.dimension) ?? 'both',
    from: wall(zone, one(query.from), false),
    to: wall(zone, one(query.to), true),
    reason: '',
  };
}

export interface Wish {
  contract_id: number;
  kind: Kind;
  dimension: ProposeForm['dimension'];
  region_id?: number;
  site_id?: number;
  station_id?: number;
  from: string;
  to: string;
  reason: string;
}

/** What the server is asked for, or null as long as something is missing. `reason` stands in for one that is not written yet. */
export function wishOf(form: ProposeForm, zone: string, reason = form.reason.trim()): Wish | null {
  const [from, to] = [form.from, form.to].map((text) => instantIn(zone, text));
  const complete = form.contract !== null && form.target !== null && form.kind !== '' && reason !== '';
  if (!complete || from === undefined || to === undefined || !Number.isFinite(from) || !Number.isFinite(to))
    return null;
  return {
    contract_id: form.contract ?? 0,
    kind: form.kind as Kind,
    dimension: form.dimension,
    [`${form.targetKind}_id`]: form.target ?? 0,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    reason,
  };
}
