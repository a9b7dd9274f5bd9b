import type { Stretch } from './sql.ts';

/** The time that lies in one of two stretches and not in the other. */
export function changedStretches(a: Stretch, b: Stretch): Stretch[] {
  const later = a.from > b.from ? a.from : b.from;
  if (!reaches(a, later) || !reaches(b, later)) return [a, b];
  const [earlyEnd, lateEnd] = endsBefore(a.to, b.to) ? [a.to, b.to] : [b.to, a.to];
  const parts: Stretch[] = [{ from: a.from < b.from ? a.from : b.from, to: later }];
  if (earlyEnd !== null) parts.push({ from: earlyEnd, to: lateEnd });
  return parts.filter(({ from, to }) => to === null || from < to);
}

/** True if the stretch goes on after an instant. */
function reaches({ to }: Stretch, instant: Date): boolean {
  return to === null || to > instant;
}

function endsBefore(a: Date | null, b: Date | null): boolean {
  return a !== null && (b === null || a < b);
}
