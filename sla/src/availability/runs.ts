import type { Beat, BeatRun } from './types.ts';

/** The order of beats: by instant, of one instant by sequence number. */
export function compareBeats(a: { at: number; seq: number }, b: { at: number; seq: number }): number {
  return a.at - b.at || a.seq - b.seq;
}

/**
 * The runs of beats in any order and repetition. Beats of one kind (`live`, `livenessMs`) form a run as long as none comes more
 * than `livenessMs` after the one before. No run reaches across a clean end: a beat after one begins a new run, so that what lies
 * between the end and that beat is not lost. Runs are sorted by their first beat.
 */
export function runsOfBeats(beats: readonly Beat[], cleanEnds: readonly number[] = []): BeatRun[] {
  const ends = [...cleanEnds].sort((a, b) => a - b);
  const newest = new Map<number, GrowingRun>();
  const runs: GrowingRun[] = [];
  let endsPassed = 0;
  for (const { at, seq, live, livenessMs } of [...beats].sort(compareBeats)) {
    while ((ends[endsPassed] ?? Number.POSITIVE_INFINITY) <= at) endsPassed++;
    const kind = live ? livenessMs : -livenessMs;
    const last = newest.get(kind);
    if (last !== undefined && last.endsPassed === endsPassed && at - last.to <= livenessMs) {
      last.to = at;
      last.toSeq = seq;
    } else {
      const run = { from: at, to: at, fromSeq: seq, toSeq: seq, livenessMs, live, endsPassed };
      newest.set(kind, run);
      runs.push(run);
    }
  }
  return runs.map(({ endsPassed: _, ...run }) => run);
}

type GrowingRun = { -readonly [Key in keyof BeatRun]: BeatRun[Key] } & { readonly endsPassed: number };
