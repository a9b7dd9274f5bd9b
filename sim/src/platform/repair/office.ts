import { rngFor } from '../../random/rng.ts';
import type { Crew } from './work.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Of the fleet's zone, UTC+8 the year round. */
const dayAt = (atMs: number): string => new Date(atMs + 8 * HOUR_MS).toISOString().slice(0, 10);

interface Versioned {
  readonly id: number;
  readonly version: number;
}

/** Complaints that reached the agency: one settled, one in dispute, one that waits for the contractor's word. */
export async function takeComplaints({ agency, contractor, nowMs }: Crew, contractId: number): Promise<void> {
  const { items: orders } = await agency.get<{ items: readonly { readonly id: number }[] }>(
    '/orders?state=closed&limit=2',
  );
  const told = (hours: number, through: string, body: string, word: string, order?: number): Promise<Versioned> =>
    agency.post<Versioned>('/complaints', {
      contract_id: contractId,
      ...(order !== undefined && { work_order_id: order }),
      received_at: new Date(nowMs - hours * HOUR_MS).toISOString(),
      through,
      complainant: '村医（演示）',
      body,
      word,
    });
  const first = await told(90, 'phone', '报修后两天没有人来，也没有人回电话', 'ordinary', orders[0]?.id);
  const agreed = await contractor.post<Versioned>(`/complaints/${first.id}/word`, {
    word: 'ordinary',
    note: '派单遗漏，情况属实',
    version: first.version,
  });
  const answered = await contractor.post<Versioned>(`/complaints/${first.id}/resolution`, {
    text: '已上门修复并致歉；派单改为双人复核',
    version: agreed.version,
  });
  await agency.post(`/complaints/${first.id}/resolve`, { version: answered.version });
  const second = await told(40, 'visit', '工程师未清理现场，拆下的旧件留在诊台上', 'ordinary', orders[1]?.id);
  await contractor.post(`/complaints/${second.id}/word`, {
    word: 'invalid',
    note: '旧件按卫生室要求留存，有签字',
    version: second.version,
  });
  await told(6, 'phone', '热线下午连续占线一小时', 'serious');
}

/** Who is on duty this week and next, and empty shifts for the public holidays of the term. */
export async function writeRoster({ contractor, people, nowMs }: Crew, contractId: number, term: Term): Promise<void> {
  for (let day = 0; day < 7; day++) {
    const user_id = people[day % people.length];
    const shift = { contract_id: contractId, day: dayAt(nowMs + day * DAY_MS), name: '热线值班', user_id };
    await contractor.post('/duty-roster', { ...shift, from: '08:00', to: '08:00' });
  }
  await contractor.post('/duty-roster/skeleton', { contract_id: contractId, ...term });
}

export interface Term {
  readonly from: string;
  readonly to: string;
}

/** The agency rates the last month, if it lies in the term; the contractor agrees. */
export async function rateMonth(
  { agency, contractor, nowMs, seed }: Crew,
  contractId: number,
  term: Term,
): Promise<void> {
  const month = dayAt(Date.parse(`${dayAt(nowMs).slice(0, 7)}-01T00:00:00Z`) - DAY_MS).slice(0, 7);
  if (`${month}-31` < term.from) return;
  const path = `contract=${contractId}`;
  const { items } = await agency.get<{ items: readonly { readonly id: string }[] }>(`/rating-items?${path}`);
  const rng = rngFor(seed, 'repair-rating');
  const scores = items.map(({ id }) => ({ id, score: rng.int(82, 98) }));
  const sheet = await agency.post<Versioned>('/rating-sheets', { contract_id: contractId, month, items: scores });
  await contractor.post(`/rating-sheets/${sheet.id}/agree`, { version: sheet.version });
}

/** A document that the contractor owes each week: asked for by the agency, agreed to by the contractor. */
export async function oweDocuments({ agency, contractor, nowMs }: Crew, contractId: number, term: Term): Promise<void> {
  const duty = await agency.post<Versioned>('/document-duties', {
    contract_id: contractId,
    duty_id: 'weekly_report',
    name: '运维周报',
    kind: 'weekly_report',
    cycle: 'week',
    due_rule: 'after_end',
    due_days: 3,
    from_day: [term.from, dayAt(nowMs - 10 * DAY_MS)].sort()[1],
  });
  await contractor.post(`/document-duties/${duty.id}/agree`, { version: duty.version });
}

/** The run sheet of yesterday (R-QH-6). */
export async function orderRunSheet({ contractor, nowMs }: Crew, contractId: number): Promise<void> {
  await contractor.post('/reports', { contract_id: contractId, kind: 'day', day: dayAt(nowMs - DAY_MS) });
}

/** The customer confirms two lines of the maintenance ledger and doubts one. */
export async function readLedger({ agency }: Crew, contractId: number): Promise<void> {
  const path = `/ledger?contract=${contractId}&state=unconfirmed&limit=10`;
  const { items } = await agency.get<{ items: readonly { readonly id: number }[] }>(path);
  const ids = items.map(({ id }) => id);
  if (ids.length < 3) return;
  await agency.post('/ledger/confirm', { ids: ids.slice(0, 2), expected: 2 });
  await agency.post(`/ledger/${ids[2]}/dispute`, { reason: '更换胶辊费用与报价单不一致，请核对' });
}
