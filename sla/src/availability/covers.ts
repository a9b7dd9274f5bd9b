import type { BeatRun } from './types.ts';

/** A stretch between two neighbouring covers, and the runs that hold the last beat before it and the first after it. */
export interface Gap {
  /** Negative infinity where no beat comes before. */
  readonly from: number;
  /** Infinity where no beat comes after. */
  readonly to: number;
  readonly before: BeatRun | undefined;
  readonly after: BeatRun | undefined;
}

/**
 * Walks through the union of `[run.from, reach(run))` from the left up to the first gap that reaches `until`, and tells of covers
 * and gaps in turn. Beats inside a run leave no gap, so every run lies wholly before or wholly after any gap.
 */
export function walkCovers(
  runs: readonly BeatRun[],
  reach: (run: BeatRun) => number,
  until: number,
  onCover: (from: number, to: number) => void,
  onGap: (gap: Gap) => void,
): void {
  let coverFrom = Number.NEGATIVE_INFINITY;
  let coverTo = Number.NEGATIVE_INFINITY;
  let before: BeatRun | undefined;
  for (const run of sortedRuns(runs)) {
    if (run.from > coverTo) {
      if (before !== undefined) onCover(coverFrom, coverTo);
      onGap({ from: coverTo, to: run.from, before, after: run });
      if (run.from >= until) return;
      coverFrom = run.from;
    }
    coverTo = Math.max(coverTo, reach(run));
    if (before === undefined || run.to > before.to || (run.to === before.to && run.toSeq > before.toSeq)) before = run;
  }
  if (before !== undefined) onCover(coverFrom, coverTo);
  onGap({ from: coverTo, to: Number.POSITIVE_INFINITY, before, after: undefined });
}

const compareRuns = (a: BeatRun, b: BeatRun) => a.from - b.from || a.fromSeq - b.fromSeq;

/** Runs come sorted from the database: then nothing is copied. */
function sortedRuns(runs: readonly BeatRun[]): readonly BeatRun[] {
  for (let i = 1; i < runs.length; i++) {
    const [a, b] = [runs[i - 1], runs[i]];
    if (a !== undefined && b !== undefined && compareRuns(a, b) > 0) return [...runs].sort(compareRuns);
  }
  return runs;
}
