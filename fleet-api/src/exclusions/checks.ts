import type { Queryable } from '../db/index.ts';
import { apiError, type ErrorCode } from '../http/errors.ts';
import { type ClosedPeriod, type Frame, selectClosed, selectFrame } from './change-sql.ts';
import { type Member, sideOf } from './parties.ts';
import type { NewExclusion } from './schemas.ts';
import { selectTarget, type TargetIds, type TargetRow } from './sql.ts';

/** Why an exclusion can't be: a code of the catalogue and a sentence about this case. */
export interface Problem {
  readonly code: ErrorCode;
  readonly detail: string;
}

/** A wish, with everything that it refers to looked up. Instants are cut to the millisecond, as all figures are. */
export interface Draft {
  readonly wish: NewExclusion;
  readonly dimension: string;
  readonly from: Date;
  readonly to: Date;
  readonly frame: Frame;
  readonly at: TargetRow;
  readonly closed: readonly ClosedPeriod[];
}

/**
 * Looks up what a wish refers to; with `lock` its contract stays as it is until the end of the transaction.
 * @throws ApiError `invalid_request`, `unknown_reference`
 */
export async function draftOf(
  db: Queryable,
  by: Member,
  wish: NewExclusion,
  options: { readonly lock: boolean },
): Promise<Draft> {
  const ids = targetOf(wish);
  const frame = await selectFrame(db, by, wish.contract_id, options);
  if (frame === null) throw apiError('unknown_reference', 'No such contract');
  const at = await selectTarget(db, by, ids);
  if (at === null) throw apiError('unknown_reference', 'No such region, site or station');
  const from = new Date(Date.parse(wish.from));
  const to = new Date(Date.parse(wish.to));
  const closed = await selectClosed(db, frame.id, from, to);
  return { wish, dimension: wish.dimension ?? 'both', from, to, frame, at, closed };
}

function targetOf({ region_id, site_id, station_id }: NewExclusion): TargetIds {
  if ([region_id, site_id, station_id].filter((id) => id !== undefined).length !== 1) {
    const message = 'give exactly one of region_id, site_id and station_id';
    throw apiError('invalid_request', { detail: message, errors: [{ path: '/body', message }] });
  }
  return { region_id: region_id ?? null, site_id: site_id ?? null, station_id: station_id ?? null };
}

/** Everything that speaks against a draft, the weightiest first. `stations`: how many it covers. */
export function problemsOf(draft: Draft, by: Member, stations: number): Problem[] {
  const { wish, from, to, frame, at, closed } = draft;
  const problems: Problem[] = [];
  const add = (isWrong: boolean, code: ErrorCode, detail: string): void => {
    if (isWrong) problems.push({ code, detail });
  };
  add(to <= from, 'exclusion_ends_before_start', 'to must be later than from');
  add(sideOf(frame, by.org) === null, 'exclusion_not_a_party', `Your organisation is not a party of ${frame.code}`);
  add(!at.covered, 'out_of_scope', `${at.target.name} reaches beyond your regions`);
  add(frame.kinds?.includes(wish.kind) === false, 'kind_not_allowed', `${frame.code} knows no ${wish.kind}`);
  add(
    wish.kind === 'planned_maintenance' && from.getTime() <= by.nowMs,
    'exclusion_not_planned',
    'It has begun; choose another kind if the contract knows one',
  );
  problems.push(...misfits(frame, from, to, closed));
  add(stations === 0, 'exclusion_outside_contract', `No station of ${at.target.name} belongs to ${frame.code}`);
  return problems;
}

/** What of the contract's time speaks against an interval: its term and its closed periods. */
export function misfits(frame: Frame, from: Date, to: Date, closed: readonly ClosedPeriod[]): Problem[] {
  const problems: Problem[] = [];
  if (from < frame.term_from || (frame.term_to !== null && to > frame.term_to)) {
    const term = `${frame.term_from.toISOString()} to ${frame.term_to?.toISOString() ?? 'further notice'}`;
    problems.push({ code: 'exclusion_outside_contract', detail: `${frame.code} runs from ${term}` });
  }
  const [period] = closed;
  if (period !== undefined) {
    const days = `[${period.from_day}, ${period.to_day})`;
    problems.push({ code: 'period_closed', detail: `${frame.code}: ${days} is closed` });
  }
  return problems;
}

/** @throws ApiError of the first problem */
export function requireNone(problems: readonly Problem[]): void {
  const [first] = problems;
  if (first !== undefined) throw apiError(first.code, first.detail);
}
