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
  const open = new Map<string, { run: BeatRun; endIndex: number }>();
  const runs: BeatRun[] = [];
  let endIndex = 0;
  for (const beat of [...beats].sort(compareBeats)) {
    while ((ends[endIndex] ?? Number.POSITIVE_INFINITY) <= beat.at) endIndex++;
    const kind = `${beat.live}/${beat.livenessMs}`;
    const last = open.get(kind);
    if (last !== undefined && last.endIndex === endIndex && beat.at - last.run.to <= beat.livenessMs) {
      last.run = { ...last.run, to: beat.at, toSeq: beat.seq };
      continue;
    }
    if (last !== undefined) runs.push(last.run);
    const { at, seq, livenessMs, live } = beat;
    open.set(kind, { run: { from: at, to: at, fromSeq: seq, toSeq: seq, livenessMs, live }, endIndex });
  }
  for (const { run } of open.values()) runs.push(run);
  return runs.sort((a, b) => a.from - b.from || a.fromSeq - b.fromSeq);
}
