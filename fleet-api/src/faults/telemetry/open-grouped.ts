import type { PoolClient } from '../../db/index.ts';
import { addFaults, openOrder } from '../../orders/open.ts';
import { refreshOrders } from '../../repair/refresh-orders.ts';
import { type OpenedFault, openFaults } from '../open.ts';
import type { FaultPolicy } from '../policy.ts';
import { belongingOf } from './group.ts';
import * as sql from './group-sql.ts';
import type { DueEpisode } from './settle-sql.ts';

/** An episode that turned out to be a fault. Unix ms. */
export interface Ripe {
  readonly episode: DueEpisode;
  readonly fromMs: number;
  /** Its end, if that is known already. */
  readonly toMs: number | null;
  readonly isFlapping: boolean;
}

/** Opens faults, each with an order of its own or as part of an incident. Those that are over already get none. */
export async function openGrouped(
  client: PoolClient,
  ripe: readonly Ripe[],
  policy: FaultPolicy,
  nowMs: number,
): Promise<OpenedFault[]> {
  if (ripe.length === 0) return [];
  const live = ripe.filter(({ toMs }) => toMs === null);
  const onsets = live.map(({ episode, fromMs }) => ({ ...episode, sinceMs: fromMs }));
  const peers = onsets.length === 0 ? [] : await sql.selectPeers(client, onsets, policy.groupMs);
  const incidents = onsets.length === 0 ? [] : await sql.selectIncidents(client, onsets);
  const belongings = ripe.map(({ episode, fromMs, toMs }) =>
    toMs === null ? belongingOf({ ...episode, sinceMs: fromMs }, peers, incidents, policy) : 'own',
  );
  await sql.freeKeys(
    client,
    ripe.map(({ episode }) => keyOf(episode)),
  );
  const opened = await openFaults(
    client,
    ripe.map(({ episode, fromMs, toMs, isFlapping }, i) => ({
      stationId: episode.stationId,
      source: 'telemetry',
      cause: episode.cause,
      component: episode.component,
      reason: episode.reason,
      openedAtMs: fromMs,
      recoveredAtMs: toMs,
      dedupKey: keyOf(episode),
      isFlapping,
      nowMs,
      order: belongings[i] === 'own' ? 'own' : 'none',
    })),
  );
  const joins = new Map<string, { incidentId: number | null; ripe: Ripe[]; faultIds: number[] }>();
  belongings.forEach((belonging, i) => {
    const fault = opened[i];
    const its = ripe[i];
    // What people told of before is being worked on as it is.
    if (belonging === 'own' || fault === undefined || its === undefined || !fault.created) return;
    const key = 'incidentId' in belonging ? `#${belonging.incidentId}` : belonging.newIncident;
    const join = joins.get(key) ?? {
      incidentId: 'incidentId' in belonging ? belonging.incidentId : null,
      ripe: [],
      faultIds: [],
    };
    join.ripe.push(its);
    join.faultIds.push(fault.faultId);
    joins.set(key, join);
  });
  for (const { incidentId, ripe: its, faultIds } of joins.values()) {
    if (incidentId !== null) await addFaults(client, incidentId, faultIds, nowMs);
    else await openIncident(client, its, faultIds, policy, nowMs);
  }
  return opened;
}

/** Opens an incident; stations of it that had an order of their own, which nobody has touched yet, come along. */
async function openIncident(
  client: PoolClient,
  ripe: readonly Ripe[],
  faultIds: readonly number[],
  policy: FaultPolicy,
  nowMs: number,
): Promise<void> {
  const first = ripe[0];
  if (first === undefined) return;
  const id = await openOrder(client, { kind: 'incident', faultIds, nowMs, userId: null });
  const { countyId, cause } = first.episode;
  const times = ripe.map(({ fromMs }) => fromMs);
  const single = await sql.selectUntouched(client, {
    countyId,
    cause,
    fromMs: Math.min(...times) - policy.groupMs,
    toMs: Math.max(...times) + policy.groupMs,
  });
  if (single.length === 0) return;
  await addFaults(
    client,
    id,
    single.map(({ id: faultId }) => faultId),
    nowMs,
  );
  await refreshOrders(client, [...new Set(single.map(({ work_order_id }) => work_order_id))], nowMs);
}

const keyOf = ({ stationId, cause }: DueEpisode): string => `${stationId}:${cause}`;
