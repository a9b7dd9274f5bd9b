import { type Calendar, type DayTable, serviceHours } from '../calendar/service.ts';
import type { IntervalSet } from '../intervals.ts';

/** Time that counts on a calendar, measured in both directions. `after` is the inverse of `between`. */
export interface WorkTime {
  /** Working time in `[from, to)`, ms; 0 if that is empty. */
  between(from: number, to: number): number;
  /** The earliest instant by which `ms` of working time have passed since `from`. Throws a RangeError if 15 years do not hold them. */
  after(from: number, ms: number): number;
}

const CHUNK_MS = 28 * 86_400_000;
const CACHED_CHUNKS = 512;
/** 15 years: ten times the longest limit that targets may have, with holidays. */
const SEARCHED_CHUNKS = 196;

const ALWAYS: WorkTime = {
  between: (from, to) => Math.max(0, to - from),
  after: (from, ms) => from + ms,
};

/**
 * The working time of a calendar. Keep the result: it remembers the hours of four weeks at a time, so that a later question costs
 * microseconds.
 */
export function workTime(calendar: Calendar, timeZone: string, days: DayTable): WorkTime {
  if (calendar.kind === 'always') return ALWAYS;
  const chunks = new Map<number, Chunk>();
  return new WeeklyTime((index) => {
    const known = chunks.get(index);
    if (known !== undefined) return known;
    const window = { from: index * CHUNK_MS, to: (index + 1) * CHUNK_MS };
    const chunk = chunkOf(serviceHours(calendar, timeZone, days, window));
    if (chunks.size >= CACHED_CHUNKS) chunks.clear();
    chunks.set(index, chunk);
    return chunk;
  });
}

/** Working time inside `[from, to)` that does not lie in `idle`, ms. Each ms is taken off once, whatever made it idle. */
export function elapsedOf(work: WorkTime, from: number, to: number, idle: IntervalSet): number {
  let elapsedMs = work.between(from, to);
  for (const each of idle) elapsedMs -= work.between(Math.max(each.from, from), Math.min(each.to, to));
  return elapsedMs;
}

/**
 * The earliest instant by which `ms` of working time outside `idle` have passed since `from`; null if an idle stretch without end
 * (to the last safe integer) comes first.
 */
export function reachedAt(work: WorkTime, from: number, ms: number, idle: IntervalSet): number | null {
  let at = from;
  let leftMs = ms;
  for (const each of idle) {
    if (each.to <= at) continue;
    const undisturbed = work.after(at, leftMs);
    if (undisturbed <= each.from) return undisturbed;
    if (each.to === Number.MAX_SAFE_INTEGER) return null;
    leftMs -= work.between(at, each.from);
    at = each.to;
  }
  return work.after(at, leftMs);
}

/** The hours of {@link CHUNK_MS} and, for each stretch, the working time before it. */
interface Chunk {
  readonly hours: IntervalSet;
  readonly beforeMs: readonly number[];
  readonly totalMs: number;
}

function chunkOf(hours: IntervalSet): Chunk {
  let totalMs = 0;
  const beforeMs = hours.map(({ from, to }) => {
    totalMs += to - from;
    return totalMs - (to - from);
  });
  return { hours, beforeMs, totalMs };
}

class WeeklyTime implements WorkTime {
  readonly #chunk: (index: number) => Chunk;

  constructor(chunk: (index: number) => Chunk) {
    this.#chunk = chunk;
  }

  between(from: number, to: number): number {
    if (from >= to) return 0;
    const first = Math.floor(from / CHUNK_MS);
    const last = Math.floor(to / CHUNK_MS);
    let sumMs = workedMs(this.#chunk(last), to) - workedMs(this.#chunk(first), from);
    for (let index = first; index < last; index++) sumMs += this.#chunk(index).totalMs;
    return sumMs;
  }

  after(from: number, ms: number): number {
    if (ms <= 0) return from;
    const first = Math.floor(from / CHUNK_MS);
    let leftMs = ms + workedMs(this.#chunk(first), from);
    for (let index = first; index < first + SEARCHED_CHUNKS; index++) {
      const chunk = this.#chunk(index);
      if (leftMs <= chunk.totalMs) return instantIn(chunk, leftMs);
      leftMs -= chunk.totalMs;
    }
    throw new RangeError('the calendar has too little working time for the limit');
  }
}

/** Working time of the chunk before the instant, ms. */
function workedMs({ hours, beforeMs, totalMs }: Chunk, instant: number): number {
  const i = firstIndex(hours.length, (each) => (hours[each]?.to ?? 0) > instant);
  const stretch = hours[i];
  return stretch === undefined ? totalMs : (beforeMs[i] ?? 0) + Math.max(0, instant - stretch.from);
}

/** The earliest instant by which the chunk has had `ms` of working time, 0 < ms <= total. */
function instantIn({ hours, beforeMs, totalMs }: Chunk, ms: number): number {
  const i = firstIndex(hours.length, (each) => (beforeMs[each + 1] ?? totalMs) >= ms);
  return (hours[i]?.from ?? 0) + ms - (beforeMs[i] ?? 0);
}

/** The first index below `length` for which the condition holds, where it holds for all after it; `length` if for none. */
function firstIndex(length: number, holds: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
