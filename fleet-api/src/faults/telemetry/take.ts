import type { OutboxEvent, PoolClient } from '../../db/index.ts';
import { concerns, isWished } from '../causes.ts';
import { debounceMs, type FaultPolicy } from '../policy.ts';
import { type Signal, signalOf } from './signals.ts';
import * as sql from './take-sql.ts';

type Bad = Extract<Signal, { kind: 'bad' }>;
type Good = Extract<Signal, { kind: 'good' }>;

/**
 * Takes events in: each tells that a cause began or ended at a station, and so begins or ends an episode. Whether that is a fault is
 * decided later. Runs in the transaction that moves the cursor.
 */
export async function takeEvents(
  client: PoolClient,
  events: readonly OutboxEvent[],
  policy: FaultPolicy,
  nowMs: number,
): Promise<void> {
  const signals = events.flatMap((event) => signalOf(event) ?? []);
  const told = signals.filter((signal) => signal.kind !== 'moved');
  if (told.length > 0) await play(client, told, policy, nowMs);
  const moved = [...new Set(signals.flatMap((signal) => (signal.kind === 'moved' ? [signal.deviceKey] : [])))];
  if (moved.length > 0) await lookAtMoved(client, moved, policy, nowMs);
}

async function play(client: PoolClient, told: readonly (Bad | Good)[], policy: FaultPolicy, nowMs: number) {
  const spots = await sql.selectSpots(client, told);
  const lasting = new Map<string, sql.EpisodeDraft>();
  for (const row of await sql.selectLasting(client, spots, told)) lasting.set(keyOf(row), row);
  const begun: sql.EpisodeDraft[] = [];
  const ended: sql.EpisodeDraft[] = [];
  told.forEach((signal, i) => {
    const spot = spots[i];
    if (spot === undefined || spot === null) return;
    const key = `${spot.stationId}:${signal.cause}`;
    const known = lasting.get(key);
    if (signal.kind === 'good') {
      if (known === undefined) return;
      known.untilMs = Math.max(signal.atMs, known.sinceMs);
      lasting.delete(key);
      if (known.id !== null) ended.push(known);
      return;
    }
    if (known !== undefined || !matters(signal, spot.required)) return;
    const draft = draftOf(signal, spot.stationId);
    lasting.set(key, draft);
    begun.push(draft);
  });
  await sql.endEpisodes(client, ended, nowMs);
  await sql.insertEpisodes(
    client,
    begun.map((draft) => withDue(draft, policy, nowMs)),
  );
}

function matters({ component, reason }: Bad, required: readonly string[]): boolean {
  return component === null || (concerns(required, component) && !isWished(component, reason));
}

function draftOf({ deviceKey, cause, component, reason, atMs }: Bad, stationId: number): sql.EpisodeDraft {
  return { id: null, stationId, deviceKey, cause, component, reason, sinceMs: atMs, untilMs: null };
}

function withDue(draft: sql.EpisodeDraft, policy: FaultPolicy, nowMs: number): sql.DueDraft {
  const dueMs = draft.untilMs === null ? draft.sinceMs + debounceMs(policy, draft.cause) : nowMs;
  return { ...draft, dueMs };
}

const keyOf = ({ stationId, cause }: sql.EpisodeDraft): string => `${stationId}:${cause}`;

/** A device that came to a station brings its faults along; what waits for one that left is looked at again. */
async function lookAtMoved(client: PoolClient, deviceKeys: readonly number[], policy: FaultPolicy, nowMs: number) {
  await sql.lookAgain(client, deviceKeys, nowMs);
  const brought = (await sql.selectBrought(client, deviceKeys)).filter(
    ({ cause, component, reason, required }) =>
      component === null || (concerns(required, cause) && !isWished(component, reason)),
  );
  await sql.insertEpisodes(
    client,
    brought.map((draft) => withDue(draft, policy, nowMs)),
  );
}
