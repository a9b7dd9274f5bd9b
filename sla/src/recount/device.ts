import {
  type Beat,
  type ComponentReport,
  RECOVERY_MS,
  type Requirement,
  type SeqRange,
} from '../availability/types.ts';
import { latestEnd } from './cursor.ts';

/** What the platform holds of one device. Any order, repetitions allowed. */
export interface RawDevice {
  readonly deviceKey: number;
  readonly beats: readonly Beat[];
  readonly cleanEnds: readonly number[];
  readonly boots: readonly number[];
  readonly reports: readonly ComponentReport[];
  readonly requirements: readonly Requirement[];
  readonly received: readonly SeqRange[];
}

export type Bucket = 'up' | 'down' | 'unknown' | 'platform';

/** A device as a function of a growing instant. */
export interface Witness {
  network(instant: number): Bucket;
  equipment(instant: number): Bucket;
}

/** Reads the evidence forward, once. The rules are those of docs/availability.md, instant by instant. */
export function witness(device: RawDevice, outages: readonly { from: number; to: number }[]): Witness {
  const beats = beatReader(device);
  const faulty = faultReader(device.reports, device.requirements);
  const outUntil = latestEnd(outages);
  return {
    network(instant) {
      const until = outUntil(instant);
      if (instant < until) return 'platform';
      if (instant < beats(instant).liveUntil) return 'up';
      return instant < until + RECOVERY_MS ? 'platform' : 'down';
    },
    equipment(instant) {
      if (faulty(instant)) return 'down';
      const { aliveUntil, wasOff } = beats(instant);
      if (instant < aliveUntil) return 'up';
      if (wasOff()) return 'down';
      return instant < outUntil(instant) + RECOVERY_MS ? 'platform' : 'unknown';
    },
  };
}

interface BeatView {
  liveUntil: number;
  aliveUntil: number;
  /** Was the device off between the beat before and the beat after? */
  wasOff(): boolean;
}

function beatReader({ beats, cleanEnds, boots, received }: RawDevice): (instant: number) => BeatView {
  const inOrder = [...beats].sort((a, b) => (a.at === b.at ? a.seq - b.seq : a.at - b.at));
  const ends = [...cleanEnds].sort((a, b) => a - b);
  let read = 0;
  let ended = 0;
  let judged = -1;
  let off = false;
  const view: BeatView = {
    liveUntil: Number.NEGATIVE_INFINITY,
    aliveUntil: Number.NEGATIVE_INFINITY,
    wasOff() {
      if (judged !== read) {
        judged = read;
        off = isOff(inOrder[read - 1], inOrder[read], boots, received);
      }
      return off;
    },
  };
  return (instant) => {
    for (let beat = inOrder[read]; beat !== undefined && beat.at <= instant; beat = inOrder[++read]) {
      const end = beat.at + beat.livenessMs;
      if (end > view.aliveUntil) view.aliveUntil = end;
      if (!beat.live) continue;
      while (ended < ends.length && (ends[ended] ?? 0) <= beat.at) ended++;
      const cut = Math.min(end, ends[ended] ?? end);
      if (cut > view.liveUntil) view.liveUntil = cut;
    }
    return view;
  };
}

function isOff(
  before: Beat | undefined,
  after: Beat | undefined,
  boots: readonly number[],
  received: readonly SeqRange[],
): boolean {
  if (before === undefined || after === undefined) return false;
  if (!boots.some((boot) => boot > before.at && boot <= after.at)) return false;
  let arrived = 0;
  for (const { lo, hi } of received) arrived += Math.max(0, Math.min(hi, after.seq) - Math.max(lo, before.seq + 1));
  return arrived >= after.seq - before.seq - 1;
}

function faultReader(reports: readonly ComponentReport[], requirements: readonly Requirement[]) {
  const told = [...reports].sort(
    (a, b) => a.at - b.at || a.seq - b.seq || (a.state === 'fault' ? 1 : 0) - (b.state === 'fault' ? 1 : 0),
  );
  const wanted = [...requirements].sort((a, b) => a.from - b.from);
  const faulty = new Set<string>();
  let required: readonly (readonly string[])[] = [];
  let since = Number.NEGATIVE_INFINITY;
  let heard = 0;
  let read = 0;
  return (instant: number): boolean => {
    for (let want = wanted[read]; want !== undefined && want.from <= instant; want = wanted[++read]) {
      required = want.from === since ? [...required, want.components] : [want.components];
      since = want.from;
    }
    for (let report = told[heard]; report !== undefined && report.at <= instant; report = told[++heard]) {
      if (report.state === 'fault') faulty.add(report.component);
      else if (report.state === 'ok' || report.state === 'warn') faulty.delete(report.component);
    }
    for (const component of faulty) {
      if (required.length === 0 || required.some((names) => names.length === 0 || names.includes(component)))
        return true;
    }
    return false;
  };
}
