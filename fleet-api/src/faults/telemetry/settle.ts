import type { PoolClient } from '../../db/index.ts';
import { openOrder } from '../../orders/open.ts';
import { receivingSince } from '../../platform/index.ts';
import { appendEach, type OwnEvent } from '../append.ts';
import type { FaultPolicy } from '../policy.ts';
import { tellFaults } from '../tell.ts';
import { flaps, type Judgement, judge } from './judge.ts';
import { openGrouped, type Ripe } from './open-grouped.ts';
import * as sql from './settle-sql.ts';

/** What a look at what is due came to. */
export interface Settled {
  readonly looked: number;
  readonly opened: number;
  /** Of `opened`: over when first known. */
  readonly late: number;
  readonly recovered: number;
  readonly reopened: number;
  readonly suppressed: number;
  readonly short: number;
}

/** How far before an episode the platform's journal is looked at, ms: an entry that was last heard then is its neighbour. */
const DAY_MS = 86_400_000;
/** Episodes judged in one transaction. */
const CHUNK = 100;
/** While a cause flaps, its quiet is looked at again after this share of the time looked at. */
const HOLD_SHARE = 20;

/** Decides about the earliest of what is due; `looked` 0: nothing was. */
export async function settleDue(client: PoolClient, policy: FaultPolicy, nowMs: number): Promise<Settled> {
  const due = await sql.takeDue(client, nowMs, CHUNK);
  const round = new Round(policy, nowMs);
  if (due.length === 0) return round.settled(0);
  const history = await sql.selectHistory(client, due, policy.flapMs);
  const waiting = due.filter(({ state }) => state === 'waiting');
  const around = await sql.selectSurroundings(client, waiting, nowMs);
  const journal = await receivingSince(client, Math.min(...due.map(({ sinceMs }) => sinceMs)) - DAY_MS);
  for (const episode of due) {
    const past = history.filter(
      ({ stationId, cause, sinceMs, id }) =>
        stationId === episode.stationId &&
        cause === episode.cause &&
        (sinceMs < episode.sinceMs || (sinceMs === episode.sinceMs && id < episode.id)),
    );
    if (episode.state === 'ending') {
      round.end(episode, past);
      continue;
    }
    const its = around.get(episode.id);
    if (its !== undefined)
      round.begin(episode, past, (flapping) => judge(episode, { ...its, journal }, policy, nowMs, flapping));
  }
  await round.carryOut(client);
  return round.settled(due.length);
}

/** One look at what is due: decides in memory, then writes. */
class Round {
  readonly #policy: FaultPolicy;
  readonly #nowMs: number;
  readonly #fates: sql.Fate[] = [];
  readonly #ripe: Ripe[] = [];
  readonly #events: OwnEvent[] = [];
  readonly #notes: { faultId: number; atMs: number | null; isFlapping: boolean; more: number }[] = [];

  constructor(policy: FaultPolicy, nowMs: number) {
    this.#policy = policy;
    this.#nowMs = nowMs;
  }

  /** A fault's cause is gone: so is the fault, unless the cause comes and goes. */
  end(episode: sql.DueEpisode, past: readonly sql.PastEpisode[]): void {
    const { id, faultId, untilMs, sinceMs } = episode;
    if (faultId === null || untilMs === null) {
      this.#over(id, null, null, null);
      return;
    }
    const changes = [...changesOf(past), sinceMs, untilMs];
    const before = past.some((each) => each.faultId === faultId && each.isFlapping);
    if (flaps(changes, this.#nowMs, before, this.#policy)) {
      const dueMs = this.#nowMs + this.#policy.flapMs / HOLD_SHARE;
      this.#fates.push({ id, state: 'ending', outcome: 'fault', why: 'flapping', dueMs, faultId });
      return;
    }
    this.#events.push({ faultId, kind: 'recovered', atMs: untilMs });
    this.#notes.push({ faultId, atMs: untilMs, isFlapping: false, more: 0 });
    this.#over(id, 'fault', null, faultId);
  }

  /** A cause holds, or held: a fault perhaps. */
  begin(episode: sql.DueEpisode, past: readonly sql.PastEpisode[], judged: (flapping: boolean) => Judgement): void {
    const { id, sinceMs } = episode;
    const isFlapping = flaps([...changesOf(past), sinceMs], sinceMs, past.at(-1)?.isFlapping ?? false, this.#policy);
    const verdict = judged(isFlapping);
    switch (verdict.kind) {
      case 'wait':
        this.#fates.push({ id, state: 'waiting', outcome: null, why: null, dueMs: verdict.dueMs, faultId: null });
        return;
      case 'short':
        this.#over(id, 'short', null, null);
        return;
      case 'suppressed':
        this.#over(id, 'suppressed', verdict.why, null);
        return;
      case 'fault':
        this.#fault(episode, past, verdict, isFlapping);
    }
  }

  #fault(
    episode: sql.DueEpisode,
    past: readonly sql.PastEpisode[],
    verdict: Judgement & { kind: 'fault' },
    isFlapping: boolean,
  ): void {
    const former = past.findLast(({ faultId }) => faultId !== null);
    const reachMs = isFlapping ? this.#policy.flapMs : this.#policy.reopenMs;
    const goesOn = former?.canReopen === true && former.untilMs !== null && verdict.fromMs - former.untilMs <= reachMs;
    if (!goesOn || former.faultId === null) {
      this.#ripe.push({ episode, ...verdict, isFlapping });
      return;
    }
    const faultId = former.faultId;
    // Held open while it flapped, it has never been told to be over.
    if (former.state === 'ending') this.#over(former.id, 'fault', 'flapping', faultId);
    else this.#events.push({ faultId, kind: 'reopened', atMs: verdict.fromMs });
    if (verdict.toMs !== null) this.#events.push({ faultId, kind: 'recovered', atMs: verdict.toMs });
    this.#notes.push({ faultId, atMs: verdict.toMs, isFlapping: isFlapping && verdict.toMs === null, more: 1 });
    this.#fates.push(fateOf(episode.id, faultId, verdict.toMs));
  }

  #over(id: number, outcome: sql.Fate['outcome'], why: string | null, faultId: number | null): void {
    this.#fates.push({ id, state: 'over', outcome, why, dueMs: null, faultId });
  }

  async carryOut(client: PoolClient): Promise<void> {
    const opened = await openGrouped(client, this.#ripe, this.#policy, this.#nowMs);
    this.#ripe.forEach(({ episode, toMs }, i) => {
      this.#fates.push(fateOf(episode.id, opened[i]?.faultId ?? null, toMs));
    });
    // A cause that people had told of before is over when telemetry says so.
    opened.forEach(({ faultId, created }, i) => {
      const toMs = this.#ripe[i]?.toMs ?? null;
      if (created || toMs === null) return;
      this.#events.push({ faultId, kind: 'recovered', atMs: toMs });
      this.#notes.push({ faultId, atMs: toMs, isFlapping: false, more: 0 });
    });
    const gone = this.#events.filter(({ kind }) => kind === 'recovered');
    const holders =
      gone.length === 0
        ? new Map()
        : await sql.selectHolders(
            client,
            gone.map(({ faultId }) => faultId),
          );
    const further = gone.flatMap((event) => {
      const holder = holders.get(event.faultId);
      return holder === undefined ? [] : [{ ...event, faultId: holder }];
    });
    await sql.noteRecovered(client, this.#notes);
    await appendEach(client, [...this.#events, ...further], this.#nowMs);
    await this.#orderReopened(client);
    await sql.storeFates(client, this.#fates);
    await tellFaults(client, [...new Set(this.#events.map(({ faultId }) => faultId))], 'changed');
  }

  /** What was over when first known had no order; now that it is back somebody has to act. */
  async #orderReopened(client: PoolClient): Promise<void> {
    const back = this.#notes.filter(({ atMs, more }) => atMs === null && more > 0).map(({ faultId }) => faultId);
    if (back.length === 0) return;
    for (const faultId of await sql.selectOrderless(client, back)) {
      await openOrder(client, { kind: 'station', faultIds: [faultId], nowMs: this.#nowMs, userId: null });
    }
  }

  settled(looked: number): Settled {
    const count = (outcome: string) =>
      this.#fates.filter((fate) => fate.outcome === outcome && fate.state === 'over').length;
    return {
      looked,
      opened: this.#ripe.length,
      late: this.#ripe.filter(({ toMs }) => toMs !== null).length,
      recovered: this.#events.filter(({ kind }) => kind === 'recovered').length,
      reopened: this.#events.filter(({ kind }) => kind === 'reopened').length,
      suppressed: count('suppressed'),
      short: count('short'),
    };
  }
}

function fateOf(id: number, faultId: number | null, toMs: number | null): sql.Fate {
  return { id, state: toMs === null ? 'opened' : 'over', outcome: 'fault', why: null, dueMs: null, faultId };
}

const changesOf = (past: readonly sql.PastEpisode[]): number[] =>
  past.flatMap(({ sinceMs, untilMs }) => (untilMs === null ? [sinceMs] : [sinceMs, untilMs]));
