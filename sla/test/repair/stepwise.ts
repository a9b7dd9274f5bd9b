import type { CaseEvent, Interval, RepairStage } from '../../src/index.ts';

/**
 * Repair clocks once more, by another method: walking through time step by step and carrying counters along, as a stop-watch would.
 * Steps are as long as the grid on which all events and hours lie. Shares nothing with the clocks under test but the vocabulary.
 */
export interface Walk {
  readonly stepMs: number;
  readonly now: number;
  /** Which calendars count at the instant. */
  readonly open: Readonly<Record<string, (instant: number) => boolean>>;
}

export interface Counters {
  /** Working time on each calendar so far, ms. */
  readonly elapsedMs: Readonly<Record<string, number>>;
  readonly stoppedAt: number | null;
  /** For each calendar, the instant at which each further step of working time was complete. */
  readonly completed: Readonly<Record<string, readonly number[]>>;
  /** In force when the stage ended, or now. */
  readonly severity: string;
}

type Pause = Interval & { readonly approved: boolean };

/** A stage's counters at `now`. */
export function walk(stage: RepairStage, events: readonly CaseEvent[], { stepMs, now, open }: Walk): Counters {
  const past = events.filter(({ at }) => at <= now);
  const pauses = agreed(past);
  const openedAt = Math.min(...past.filter(({ kind }) => kind === 'opened').map(({ at }) => at));
  const calendars = Object.keys(open);
  const elapsedMs = Object.fromEntries(calendars.map((name) => [name, 0]));
  const completed: Record<string, number[]> = Object.fromEntries(calendars.map((name) => [name, []]));
  const watch: Watch = { started: false, stoppedAt: null, proven: false, severity: '', judgedBy: '' };
  for (let at = openedAt; ; at += stepMs) {
    for (const event of past.filter((each) => each.at === at).toSorted((a, b) => a.seq - b.seq))
      press(watch, stage, event);
    if (at >= now) break;
    if (watch.stoppedAt !== null || pauses.some(({ from, to }) => from <= at && at < to)) continue;
    for (const name of calendars) {
      if (open[name]?.(at) !== true) continue;
      elapsedMs[name] = (elapsedMs[name] ?? 0) + stepMs;
      completed[name]?.push(at + stepMs);
    }
  }
  return { elapsedMs, stoppedAt: watch.stoppedAt, completed, severity: watch.judgedBy };
}

interface Watch {
  started: boolean;
  stoppedAt: number | null;
  proven: boolean;
  severity: string;
  judgedBy: string;
}

function press(watch: Watch, stage: RepairStage, event: CaseEvent) {
  if (event.kind === 'opened') {
    if (!watch.started) watch.severity = event.severity;
    watch.started = true;
  }
  if (!watch.started) return;
  if (event.kind === 'severity_changed') watch.severity = event.severity;
  if (event.kind === 'reopened' && !watch.proven) watch.stoppedAt = null;
  if (watch.stoppedAt === null || watch.stoppedAt === event.at) watch.judgedBy = watch.severity;
  if (stops(stage, event.kind)) watch.stoppedAt ??= event.at;
  if (proves(stage, event.kind)) watch.proven = true;
}

function proves(stage: RepairStage, kind: CaseEvent['kind']): boolean {
  if (stage === 'respond') return ['responded', 'arrived', 'temporarily_restored', 'repaired'].includes(kind);
  return stage === 'on_site' && kind === 'arrived';
}

function stops(stage: RepairStage, kind: CaseEvent['kind']): boolean {
  if (['repaired', 'recovered', 'confirmed', 'cancelled'].includes(kind)) return true;
  return proves(stage, kind) || (stage === 'temporary_restoration' && kind === 'temporarily_restored');
}

/** Approved pauses, overlaps and all. */
function agreed(events: readonly CaseEvent[]): readonly Pause[] {
  const inOrder = events.toSorted((a, b) => a.at - b.at || a.seq - b.seq);
  const names = new Set(inOrder.flatMap((event) => ('pause' in event ? [event.pause] : [])));
  return [...names].flatMap((name) => {
    let pause: Pause | null = null;
    const proposal = inOrder.find((event) => event.kind === 'pause_proposed' && event.pause === name);
    if (proposal?.kind !== 'pause_proposed') return [];
    for (const event of inOrder) {
      if (!('pause' in event) || event.pause !== name || !('org' in event) || event.org === proposal.org) continue;
      if (event.kind === 'pause_proposed') continue;
      const to = proposal.to ?? Number.POSITIVE_INFINITY;
      pause = { from: proposal.from, to, approved: event.kind === 'pause_approved' };
      if (event.kind !== 'pause_approved' || event.span === undefined) continue;
      pause = {
        from: Math.max(proposal.from, event.span.from),
        to: Math.min(to, event.span.to ?? Number.POSITIVE_INFINITY),
        approved: true,
      };
    }
    const ends = inOrder.filter((event) => event.kind === 'pause_ended' && event.pause === name).map(({ at }) => at);
    return pause?.approved ? [{ ...pause, to: Math.min(pause.to, ...ends) }] : [];
  });
}
