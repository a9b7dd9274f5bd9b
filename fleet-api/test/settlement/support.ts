import { type Contract, PRESETS } from '@uptally/sla';
import type { Pool } from '../../src/db/index.ts';
import { DAY_MS, type Fleet, type Hand } from '../availability/support.ts';

/** HN with a year from October 2026 on, paid by the month, and without sub-periods: 600,000.00 for both rates in full. */
export function monthly(change: Partial<Contract> = {}): Contract {
  const schedule = PRESETS.hn.schedule.map((each) =>
    each.id === 'final' ? { ...each, cycle: 'month' as const } : each,
  );
  return {
    ...PRESETS.hn,
    term: { from: '2026-10-01', to: '2027-10-01' },
    sub_periods: [],
    parties: PRESETS.hn.parties.slice(0, 2),
    schedule,
    ...change,
  };
}

/** The document in force, proposed by the contractor and agreed to by the agency. */
export async function agree(fleet: Fleet, contractor: Hand, agency: Hand, document: Contract): Promise<number> {
  const path = `/contracts/${fleet.contractId}/documents`;
  const drafted = await contractor.send('POST', path, { document });
  const { id } = drafted.json<{ id: number }>();
  await contractor.send('POST', `${path}/${id}/propose`, {});
  const agreed = await agency.send('POST', `${path}/${id}/agree`, {});
  if (agreed.statusCode !== 200) throw new Error(`not agreed: ${drafted.body} ${agreed.body}`);
  return id;
}

/** Whole days of October of every station: up, but for `downMs` of each in both dimensions. */
export async function putOctober(pool: Pool, fleet: Fleet, downMs = 0): Promise<void> {
  await pool.query(
    `insert into accrual select $1, s, d::date, $3, $3 - $4::int, $4, 0, 0, 0, $3 - $4::int, $4, 0, 0, 0, (d + interval '1 day') at time zone 'Asia/Shanghai'
     from unnest($2::int[]) s, generate_series(timestamp '2026-10-01', '2026-10-31', interval '1 day') d`,
    [fleet.contractId, Object.values(fleet.stations), DAY_MS, downMs],
  );
  await pool.query('truncate evidence_mark, accrual_due');
}
