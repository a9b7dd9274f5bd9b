import { recurrences } from '@uptally/sla';
import type { PoolClient } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { addFaults, openOrder } from '../orders/open.ts';
import { refreshClocks } from '../repair/log.ts';
import { currentTerms } from '../repair/terms.ts';
import * as sql from './open-sql.ts';
import { type Place, placesOf } from './places.ts';
import { tellFaults } from './tell.ts';

/** The same cause at the same place within so many days of its end is a recurrence (R-ZJ-1). */
export const RECURRENCE_DAYS = 30;

/** A fault as it is told. */
export interface NewFault {
  /** Null: the site as a whole, then `siteId` says which. */
  readonly stationId: number | null;
  readonly siteId?: number | null;
  readonly source: 'telemetry' | 'person' | 'site';
  /** What makes two faults of a place the same: `offline`, a component, or a category that a person chose. */
  readonly cause: string;
  readonly component?: string | null;
  readonly reason?: string | null;
  /** A severity of the contract's terms; left out: the ordinary one. */
  readonly severity?: string;
  readonly description?: string;
  readonly reporter?: { readonly name: string | null; readonly phone: string | null };
  readonly userId?: number | null;
  /** When it began, by evidence or as told, Unix ms. */
  readonly openedAtMs: number;
  /** When it was gone, if that is known already: then nobody has to do anything about it. */
  readonly recoveredAtMs?: number | null;
  /** By which telemetry holds it open. */
  readonly dedupKey?: string | null;
  readonly isFlapping?: boolean;
  readonly nowMs: number;
  /** `none`: whoever opens it sees to the order. By default it gets one unless it is over. */
  readonly order?: 'own' | 'none';
}

export interface OpenedFault {
  readonly faultId: number;
  /** False: an open fault of the same cause was there already, and this is a further voice about it. */
  readonly created: boolean;
  readonly orderId: number | null;
}

/**
 * Opens a fault: finds contract and terms, joins an open one of equal place and cause, tells whether it is a recurrence, begins its
 * log and hangs it on an order. @throws ApiError `unknown_reference`, `unknown_severity`
 */
export async function openFault(client: PoolClient, fault: NewFault): Promise<OpenedFault> {
  const [opened] = await openFaults(client, [fault]);
  return opened as OpenedFault;
}

/** The same for many, in a number of statements that does not grow with them; answers in their order. */
export async function openFaults(client: PoolClient, faults: readonly NewFault[]): Promise<OpenedFault[]> {
  const nowMs = faults[0]?.nowMs;
  if (nowMs === undefined) return [];
  const placed = await place(client, faults);
  const known = await sql.selectOpen(client, placed);
  const fresh = new Map<string, sql.PlacedFault>();
  for (const fault of placed) if (!known.has(fault.key) && !fresh.has(fault.key)) fresh.set(fault.key, fault);
  const created = await create(client, [...fresh.values()], nowMs);
  const ids = new Map([...[...known].map(([key, { id }]) => [key, id] as const), ...created]);
  await sql.insertReports(client, placed, ids);
  const orders = await giveOrders(client, [...fresh.values()], created, nowMs);
  await tellFaults(client, [...created.values()], 'opened');
  return placed.map((fault) => {
    const faultId = ids.get(fault.key) as number;
    return {
      faultId,
      created: fresh.get(fault.key) === fault,
      orderId: orders.get(faultId) ?? known.get(fault.key)?.orderId ?? null,
    };
  });
}

async function place(client: PoolClient, faults: readonly NewFault[]): Promise<sql.PlacedFault[]> {
  const places = await placesOf(
    client,
    faults.map(({ stationId, siteId, openedAtMs }) => ({ stationId, siteId: siteId ?? null, atMs: openedAtMs })),
  );
  const terms = new Map<number, Awaited<ReturnType<typeof currentTerms>>>();
  for (const contractId of new Set(places.flatMap((each) => each?.contractId ?? []))) {
    terms.set(contractId, await currentTerms(client, contractId));
  }
  return faults.map((fault, i) => {
    const at = places[i] as Place | null;
    const its = at === null ? undefined : terms.get(at.contractId);
    if (at === null || its === undefined) throw apiError('unknown_reference', 'No such station or site');
    return { ...fault, at, key: keyOf(at, fault.cause), terms: its.id, severity: severityOf(fault, its.severities) };
  });
}

/** Faults of one place and cause are the same while one is open. */
function keyOf(at: Place, cause: string): string {
  return at.stationId === null ? `site:${at.siteId}:${cause}` : `${at.stationId}:${cause}`;
}

function severityOf({ severity }: NewFault, known: readonly string[]): string {
  if (severity !== undefined) {
    if (known.includes(severity)) return severity;
    throw apiError('unknown_severity', `The contract knows ${known.join(', ')}`);
  }
  return known[0] ?? 'ordinary';
}

async function create(
  client: PoolClient,
  faults: readonly sql.PlacedFault[],
  nowMs: number,
): Promise<Map<string, number>> {
  if (faults.length === 0) return new Map();
  const created = await sql.insertFaults(client, faults, repeatsOf(await sql.selectEarlier(client, faults), faults));
  await sql.insertOpenings(client, faults, created);
  await refreshClocks(client, [...created.values()], nowMs);
  return created;
}

/** Key of a new fault -> the earlier one that it repeats. */
function repeatsOf(earlier: readonly sql.EarlierFault[], faults: readonly sql.PlacedFault[]): Map<string, number> {
  const all = [
    ...earlier.map((row) => ({
      id: row.id,
      place: row.key,
      cause: '',
      openedAt: row.opened_at.getTime(),
      endedAt: row.ended_at.getTime(),
    })),
    ...faults.map((fault) => ({
      id: null,
      place: fault.key,
      cause: '',
      openedAt: fault.openedAtMs,
      endedAt: fault.recoveredAtMs ?? null,
    })),
  ];
  return new Map(
    recurrences(all, RECURRENCE_DAYS).flatMap(({ fault, previous }): [string, number][] =>
      fault.id === null && previous.id !== null ? [[fault.place, previous.id]] : [],
    ),
  );
}

/** Fault -> the order that it hangs on now. One that is over is kept for the record only. */
async function giveOrders(
  client: PoolClient,
  faults: readonly sql.PlacedFault[],
  created: ReadonlyMap<string, number>,
  nowMs: number,
): Promise<Map<number, number>> {
  const orders = new Map<number, number>();
  const due = faults.filter(({ order, recoveredAtMs }) => order !== 'none' && (recoveredAtMs ?? null) === null);
  if (due.length === 0) return orders;
  const open = await sql.selectOpenOrders(client, due);
  for (const each of byPlace(due)) {
    const ids = each.map(({ key }) => created.get(key) as number);
    const first = each[0] as sql.PlacedFault;
    const known = open.find(
      (row) =>
        row.station_id === first.at.stationId &&
        row.site_id === first.at.siteId &&
        row.contract_id === first.at.contractId,
    );
    const userId = first.userId ?? null;
    const orderId = known?.id ?? (await openOrder(client, { kind: 'station', faultIds: ids, nowMs, userId }));
    if (known !== undefined) await addFaults(client, known.id, ids, nowMs);
    for (const id of ids) orders.set(id, orderId);
  }
  return orders;
}

function byPlace(faults: readonly sql.PlacedFault[]): Iterable<sql.PlacedFault[]> {
  const groups = new Map<string, sql.PlacedFault[]>();
  for (const fault of faults) {
    const key = `${fault.at.siteId}:${fault.at.stationId}:${fault.at.contractId}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [fault]);
    else group.push(fault);
  }
  return groups.values();
}
