import { type Dimension, type Interval, parseCalendar } from '@uptally/sla';
import { ms } from '../../availability/ledger/times.ts';
import type { Queryable } from '../../db/index.ts';
import { receivingSpans } from '../../platform/index.ts';
import type { ContractCase, ExclusionCase } from './types.ts';

interface ContractRow {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly time_zone: string;
  readonly term_from: string;
  readonly term_to: string | null;
  readonly calendar: unknown;
}

const CONTRACT = `select id, code, name, time_zone, to_char(term_from, 'YYYY-MM-DD') as term_from, to_char(term_to, 'YYYY-MM-DD') as term_to, calendar
from contract where id = $1`;

const CALENDAR_DAYS = `select kind, array_agg(to_char(day, 'YYYY-MM-DD') order by day) as days from calendar_day group by kind`;

const EXCLUSIONS = `select x.id, x.kind, x.dimension, ${ms('x.from_at')} as "from", ${ms('x.to_at')} as "to", x.reason,
  case when x.region_id is not null then 'region' when x.site_id is not null then 'site' else 'station' end as target_kind,
  coalesce(x.region_id, x.site_id, x.station_id) as target_id, p.name as proposed_by, d.name as decided_by
from exclusion x join org p on p.id = x.proposed_org_id join org d on d.id = x.decided_org_id
where x.contract_id = $1 and x.state = 'approved' and x.from_at < $3::timestamptz and x.to_at > $2::timestamptz order by x.id`;

type ExclusionRow = Interval & {
  readonly id: number;
  readonly kind: string;
  readonly dimension: Dimension | 'both';
  readonly reason: string;
  readonly target_kind: 'region' | 'site' | 'station';
  readonly target_id: number;
  readonly proposed_by: string;
  readonly decided_by: string;
};

/** Everything about a contract that bears on a period. Throws if there is no such contract. */
export async function readContract(
  db: Queryable,
  contractId: number,
  period: Interval,
  asOf: number,
): Promise<ContractCase> {
  const { rows } = await db.query<ContractRow>(CONTRACT, [contractId]);
  const [row] = rows;
  if (row === undefined) throw new Error(`contract ${contractId} does not exist`);
  const days = await db.query<{ kind: 'holiday' | 'workday'; days: string[] }>(CALENDAR_DAYS);
  const exclusions = await db.query<ExclusionRow>(EXCLUSIONS, [
    contractId,
    new Date(period.from).toISOString(),
    new Date(period.to).toISOString(),
  ]);
  return {
    asOf,
    id: row.id,
    code: row.code,
    name: row.name,
    timeZone: row.time_zone,
    termFrom: row.term_from,
    termTo: row.term_to,
    calendar: parseCalendar(row.calendar),
    holidays: days.rows.find(({ kind }) => kind === 'holiday')?.days ?? [],
    workdays: days.rows.find(({ kind }) => kind === 'workday')?.days ?? [],
    platformSpans: await receivingSpans(db),
    exclusions: exclusions.rows.map(
      ({ target_kind, target_id, proposed_by, decided_by, ...exclusion }): ExclusionCase => ({
        ...exclusion,
        target: { kind: target_kind, id: target_id },
        proposedBy: proposed_by,
        decidedBy: decided_by,
      }),
    ),
  };
}

/** The contract of a code; null: the only one that is no baseline, else the baseline. */
export async function findContract(
  db: Queryable,
  code: string | null,
): Promise<{ readonly id: number; readonly code: string; readonly timeZone: string } | null> {
  const { rows } = await db.query<{ id: number; code: string; timeZone: string; is_baseline: boolean }>(
    `select id, code, time_zone as "timeZone", is_baseline from contract where $1::text is null or code = $1 order by is_baseline, id`,
    [code],
  );
  const real = rows.filter((row) => !row.is_baseline);
  return real.length === 1 || code !== null ? (rows[0] ?? null) : (rows.find((row) => row.is_baseline) ?? null);
}
