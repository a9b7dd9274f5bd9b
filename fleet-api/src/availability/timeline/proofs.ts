import { type Dimension, RECOVERY_MS, type Segment } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { entriesBeside, type JournalEntry } from '../../platform/index.ts';
import { loadOutages } from '../ledger/index.ts';
import * as sql from './evidence-sql.ts';
import type { EvidenceItem } from './schemas.ts';

/** What a verdict rests on: the records, and what a sentence about it needs to know of them. */
export interface Proof {
  readonly items: readonly EvidenceItem[];
  readonly params: Readonly<Record<string, unknown>>;
}

export interface ProofAsked {
  readonly db: Queryable;
  readonly stationId: number;
  readonly dimension: Dimension;
  readonly segment: Segment;
  readonly at: number;
  readonly nowMs: number;
  readonly deviceId: string | null;
}

/** Finds the records that make the segment what it is. */
export async function proofOf(asked: ProofAsked): Promise<Proof> {
  switch (asked.segment.cause) {
    case 'beat':
      return proofOfLife(asked);
    case 'silent':
    case 'missing':
      return proofOfSilence(asked);
    case 'ended':
      return join(await proofOfSilence(asked), await proofOfEnd(asked));
    case 'off':
      return proofOfBoot(asked);
    case 'fault':
      return proofOfFault(asked);
    case 'platform':
      return join(await proofOfOutage(asked), await proofOfSilence(asked));
    case 'no_device':
      return proofOfAbsence(asked);
  }
}

function join(a: Proof, b: Proof): Proof {
  return { items: [...a.items, ...b.items], params: { ...a.params, ...b.params } };
}

const NOTHING: Proof = { items: [], params: {} };

/** The beats that begin and end the cover, and those on both sides of the instant. */
async function proofOfLife(asked: ProofAsked): Promise<Proof> {
  const { segment, at } = asked;
  const roles = [
    ['begins', 'after', segment.from],
    ['ends', 'before', segment.to - 1],
    ['before', 'before', at],
    ['after', 'after', at],
  ] as const;
  const bySeq = new Map<number, EvidenceItem>();
  for (const [role, side, instant] of roles) {
    const beat = await beatAt(asked, side, instant);
    const isPart = beat !== null && beat.at.getTime() >= segment.from && beat.at.getTime() < segment.to;
    // A cover that began before the segment, e.g. that of a device installed meanwhile, is proved by the beat before it.
    const isShown = isPart || (beat !== null && role === 'before');
    if (beat !== null && isShown && !bySeq.has(beat.seq)) bySeq.set(beat.seq, beatItem(asked, beat, role));
  }
  return { items: [...bySeq.values()], params: {} };
}

/** The beats on both sides of a silence, and what of the records between them is missing. */
async function proofOfSilence(asked: ProofAsked): Promise<Proof> {
  const { db, segment, at } = asked;
  if (segment.deviceKey === undefined) return NOTHING;
  const before = await beatAt(asked, 'before', at);
  const after = await beatAt(asked, 'after', at);
  const missing =
    before === null || after === null ? null : await sql.missingBetween(db, segment.deviceKey, before.seq, after.seq);
  return {
    items: [
      ...(before === null ? [] : [beatItem(asked, before, 'before')]),
      ...(after === null ? [] : [beatItem(asked, after, 'after')]),
    ],
    params: {
      last_beat_at: before?.at ?? null,
      next_beat_at: after?.at ?? null,
      liveness_ms: before?.live_ms ?? null,
      ...(missing === null ? {} : { missing_records: missing.count, first_missing_seq: missing.first }),
    },
  };
}

async function proofOfEnd({ db, segment, deviceId }: ProofAsked): Promise<Proof> {
  if (segment.deviceKey === undefined) return NOTHING;
  const session = await sql.sessionEndedAt(db, segment.deviceKey, segment.from);
  if (session === null) return NOTHING;
  const { ended_at, began_at, end_kind } = session;
  return {
    items: [
      {
        kind: 'session',
        role: 'begins',
        at: ended_at,
        received_at: ended_at,
        seq: null,
        device_id: deviceId,
        detail: { session: session.session, began_at, end_kind },
      },
    ],
    params: { end_kind },
  };
}

async function proofOfBoot(asked: ProofAsked): Promise<Proof> {
  const { db, segment, at, deviceId } = asked;
  const silence = await proofOfSilence(asked);
  if (segment.deviceKey === undefined) return silence;
  const before = await beatAt(asked, 'before', at);
  const after = await beatAt(asked, 'after', at);
  if (before === null || after === null) return silence;
  const boot = await sql.bootBetween(db, segment.deviceKey, before.at.getTime(), after.at.getTime());
  if (boot === null) return silence;
  const item: EvidenceItem = {
    kind: 'boot',
    role: 'ends',
    at: boot.at,
    received_at: boot.received_at,
    seq: boot.seq,
    device_id: deviceId,
    detail: { boot: boot.boot },
  };
  return join(silence, { items: [item], params: { boot_at: boot.at } });
}

/** The report that the fault began with, and the one that ended it. */
async function proofOfFault({ db, segment, at, deviceId }: ProofAsked): Promise<Proof> {
  const { deviceKey, component } = segment;
  if (deviceKey === undefined || component === undefined) return NOTHING;
  const { began, ended } = await sql.selectFault(db, deviceKey, component, at);
  const items: EvidenceItem[] = [];
  let reason: unknown = null;
  for (const [role, instant] of [
    ['begins', began],
    ['ends', ended],
  ] as const) {
    if (instant === null) continue;
    const record = await sql.healthOf(db, deviceKey, component, instant.getTime());
    if (role === 'begins') reason = reasonOf(record?.report);
    items.push({
      kind: 'health',
      role,
      at: instant,
      received_at: record?.received_at ?? null,
      seq: record?.seq ?? null,
      device_id: deviceId,
      detail: { component, report: record?.report ?? null },
    });
  }
  return { items, params: { fault_since: began, fault_reason: reason } };
}

/** The platform's own journal on both sides of its outage. */
async function proofOfOutage({ db, at, nowMs }: ProofAsked): Promise<Proof> {
  const outages = await loadOutages(db, { from: at - RECOVERY_MS, to: at + 1 }, nowMs);
  const outage = outages.find(({ from, to }) => from <= at && at < to + RECOVERY_MS);
  if (outage === undefined) return NOTHING;
  const { before, after } = await entriesBeside(db, outage);
  const item = (role: 'begins' | 'ends', row: JournalEntry, instant: Date): EvidenceItem => ({
    kind: 'platform',
    role,
    at: instant,
    received_at: null,
    seq: null,
    device_id: null,
    detail: { instance: row.instance, alive_from: row.from_at, alive_to: row.to_at },
  });
  return {
    items: [
      ...(before === null ? [] : [item('begins', before, before.to_at)]),
      ...(after === null ? [] : [item('ends', after, after.from_at)]),
    ],
    params: {
      outage_from: before?.to_at ?? null,
      outage_to: after?.from_at ?? null,
      recovering: at >= outage.to,
      recovery_ms: RECOVERY_MS,
    },
  };
}

/** The devices that stood there before and after. */
async function proofOfAbsence({ db, stationId, at }: ProofAsked): Promise<Proof> {
  const neighbours = await sql.installationsAround(db, stationId, at);
  return {
    items: neighbours.map(({ side, device_id, from, to }) => ({
      kind: 'installation',
      role: side === 'before' ? 'begins' : 'ends',
      at: side === 'before' ? (to ?? from) : from,
      received_at: null,
      seq: null,
      device_id,
      detail: { from, to },
    })),
    params: {},
  };
}

type Beat = NonNullable<Awaited<ReturnType<typeof sql.nearestBeat>>>;

async function beatAt({ db, dimension, segment }: ProofAsked, side: 'before' | 'after', at: number) {
  const { deviceKey } = segment;
  return deviceKey === undefined
    ? null
    : sql.nearestBeat(db, { deviceKey, at, side, liveOnly: dimension === 'network' });
}

function beatItem({ deviceId }: ProofAsked, beat: Beat, role: EvidenceItem['role']): EvidenceItem {
  const { at, received_at, seq, live, live_ms } = beat;
  return { kind: 'beat', role, at, received_at, seq, device_id: deviceId, detail: { live, live_ms } };
}

/** Reason code of a component report, `{s, r, d}` as the device sent it. */
function reasonOf(report: unknown): unknown {
  return typeof report === 'object' && report !== null && 'r' in report ? report.r : null;
}
