import { showPercent, type Timeliness } from '@uptally/sla';
import { contractFor } from '../availability/contracts/service.ts';
import { periodAsked } from '../availability/figures/period.ts';
import type { Queryable } from '../db/index.ts';
import { type Member, viewerOf } from '../exclusions/parties.ts';
import { readCases, timelinessOf } from './figures.ts';
import type { TimelinessAnswer, TimelinessFigures, TimelinessQuery } from './timeliness-schemas.ts';

/**
 * The fault-repair timeliness of a contract over a period, in all and by severity, as of now and as far as the person's regions reach.
 * @throws ApiError `unknown_reference`, `invalid_period`, `range_too_long`
 */
export async function timelinessFor(db: Queryable, by: Member, query: TimelinessQuery): Promise<TimelinessAnswer> {
  const contract = await contractFor(db, viewerOf(by), query.contract);
  const period = periodAsked(query, contract.time_zone, by.nowMs);
  const cases = await readCases(db, { contractId: contract.id, period, nowMs: by.nowMs, scope: by.scope });
  const severities = [...new Set(cases.map(({ clocks }) => clocks.severity))].sort();
  return {
    contract: { id: contract.id, code: contract.code, name: contract.name, time_zone: contract.time_zone },
    period: { name: period.name, from_day: period.fromDay, to_day: period.toDay },
    total: shown(timelinessOf(cases)),
    severities: severities.map((severity) => ({
      severity,
      figures: shown(timelinessOf(cases.filter(({ clocks }) => clocks.severity === severity))),
    })),
  };
}

/** A rate as the API tells it: exact, and truncated for people. */
function shown({ onTime, late, pending, cancelled, notOwed, rate }: Timeliness): TimelinessFigures {
  return {
    on_time: onTime,
    late,
    pending,
    cancelled,
    not_owed: notOwed,
    rate: rate === null ? null : { num: rate.num, den: rate.den },
    percent: rate === null ? null : showPercent(rate),
  };
}
