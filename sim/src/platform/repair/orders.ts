import type { FleetDevice } from '../../fleet/types.ts';
import { rngFor } from '../../random/rng.ts';
import type { Platform } from '../http.ts';
import { CASES, type Case, type Told } from './cases.ts';
import { SIGNATURE } from './signature.ts';
import type { Crew } from './work.ts';

interface Order {
  readonly id: number;
  readonly opened_at: string;
  readonly region: { readonly county: string | null } | null;
  readonly pauses: readonly { readonly pause: string }[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** A fault of the past may be told of so late; see `POST /faults`. */
const TOLD_BACK_MS = 7 * 24 * HOUR_MS;
/** Orders that telemetry opened and that somebody has begun to work on. */
const BEGUN = 5;

/** Reports faults on behalf of sites and does what was done about them, as far as it lies within the contract's term. */
export async function workCases(crew: Crew, devices: readonly FleetDevice[], fromMs: number): Promise<number> {
  const places = rngFor(crew.seed, 'repair-places').shuffle(devices);
  let done = 0;
  for (const [i, one] of CASES.entries()) {
    const place = places[i];
    const beganMs = Math.floor(crew.nowMs - one.hours * HOUR_MS);
    if (place === undefined || beganMs < Math.max(fromMs, crew.nowMs - TOLD_BACK_MS + HOUR_MS)) continue;
    if (await workCase(crew, one, place, { beganMs, turn: i })) done += 1;
  }
  return done;
}

async function workCase(
  crew: Crew,
  one: Case,
  place: FleetDevice,
  { beganMs, turn }: { readonly beganMs: number; readonly turn: number },
): Promise<boolean> {
  const stations = await crew.agency.get<{ items: readonly { id: number; code: string }[] }>(
    `/stations?q=${place.stationCode ?? ''}&limit=50`,
  );
  const station = stations.items.find(({ code }) => code === place.stationCode);
  if (station === undefined) return false;
  const { fault } = await crew.agency.post<{ readonly fault: { readonly order: { readonly id: number } | null } }>(
    '/faults',
    {
      station_id: station.id,
      cause: one.cause,
      ...(one.severity && { severity: one.severity }),
      began_at: new Date(beganMs).toISOString(),
      words: one.words,
      reporter_name: '村医（演示）',
    },
  );
  const id = fault.order?.id;
  if (id === undefined) return false;
  for (const told of one.told) await tell(crew, id, told, { beganMs, turn });
  await pause(crew, id, one, beganMs);
  await confirm(crew, id, one, beganMs);
  await end(crew, id, one, place);
  return true;
}

interface When {
  readonly beganMs: number;
  /** Whose turn it is to be given an order. */
  readonly turn: number;
}

/** Tells a step with its true time. Who drives out tells from the way on, the office what is before. */
function tell(crew: Crew, order: number, { step, after, note }: Told, { beganMs, turn }: When): Promise<unknown> {
  const at = new Date(beganMs + after * MINUTE_MS).toISOString();
  if (step === 'assign') {
    const user_id = crew.people[turn % crew.people.length];
    return crew.contractor.post(`/orders/${order}/assign`, { user_id, at });
  }
  const by: Platform = step === 'acknowledge' ? crew.contractor : crew.engineer;
  return by.post(`/orders/${order}/steps`, { step, at, ...(note && { note }) });
}

async function pause(crew: Crew, order: number, { pause }: Case, beganMs: number): Promise<void> {
  if (pause === undefined) return;
  const fromMs = beganMs + pause.after * MINUTE_MS;
  const to = pause.hours === null ? {} : { to: new Date(fromMs + pause.hours * HOUR_MS).toISOString() };
  const wish = { from: new Date(fromMs).toISOString(), ...to, reason: pause.reason };
  const { pauses } = await crew.contractor.post<Order>(`/orders/${order}/pauses`, wish);
  const [asked] = pauses;
  if (!pause.approved || asked === undefined) return;
  await crew.agency.post(`/orders/${order}/pauses/${asked.pause}/approve`, { note: '已核对厂家发货单' });
}

async function confirm(crew: Crew, order: number, { confirmed, told }: Case, beganMs: number): Promise<void> {
  if (confirmed === 'agency') {
    const note = '电话回访卫生室，确认设备已恢复正常';
    await crew.agency.post(`/orders/${order}/confirm-for-site`, { name: '村医（演示）', note });
  }
  if (confirmed !== 'signature') return;
  const repaired = told.at(-1)?.after ?? 0;
  const at = new Date(beganMs + (repaired + 8) * MINUTE_MS).toISOString();
  await crew.engineer.post(`/orders/${order}/confirm`, { name: '王芳', at, signature: SIGNATURE });
}

async function end(crew: Crew, order: number, { ending }: Case, place: FleetDevice): Promise<void> {
  if (ending === undefined) return;
  const { part, labour_fen, logistics_fen, ...closing } = ending;
  const store = { part_id: crew.parts.get(part ?? ''), region_id: crew.stores.get(place.countyName) };
  if (store.part_id !== undefined && store.region_id !== undefined) {
    const sent = { region_id: store.region_id, kind: 'in', quantity: 1, reason: '随工单调拨' };
    await crew.contractor.post(`/stock/parts/${store.part_id}/movements`, sent);
    await crew.engineer.post(`/orders/${order}/store-parts`, { ...store, qty: 1 });
  }
  await crew.engineer.patch(`/orders/${order}`, { labour_fen, logistics_fen });
  await crew.engineer.post(`/orders/${order}/close`, { ...closing, warranty: part === undefined ? 'out' : 'in' });
}

/** Orders that telemetry opened meanwhile: some are under way, the rest is new. */
export async function workTelemetry(crew: Crew): Promise<number> {
  const { items } = await crew.contractor.get<{ items: readonly Order[] }>('/orders?state=new&kind=station&limit=50');
  const late = items.filter(({ opened_at }) => Date.parse(opened_at) < crew.nowMs - 2 * HOUR_MS).slice(0, BEGUN);
  for (const [turn, { id, opened_at }] of late.entries()) {
    const rng = rngFor(crew.seed, 'repair-telemetry', turn);
    const beganMs = Date.parse(opened_at);
    const answered = rng.int(8, 55);
    const steps: Told[] = [
      { step: 'acknowledge', after: answered },
      { step: 'assign', after: answered + rng.int(5, 30) },
      { step: 'arrive', after: answered + rng.int(60, 1300), note: '现场检查：等待配件' },
    ];
    for (const told of steps) {
      if (beganMs + told.after * MINUTE_MS < crew.nowMs) await tell(crew, id, told, { beganMs, turn });
    }
  }
  return late.length;
}
