import { contains, type Dimension, merge, type Segment } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { Rules } from '../contracts/schemas.ts';
import { termOf } from '../figures/to-come.ts';
import type { EvidenceItem, Explanation } from './schemas.ts';
import * as sql from './sql.ts';
import { hoursOf, type OwedStation } from './station.ts';

type CountsAs = Explanation['segment']['counts_as'];
type Phrase = Explanation['sentence'][number];

/** What a contract makes of an instant, and the human statements that it rests on. */
export interface Verdict {
  readonly countsAs: CountsAs;
  readonly phrases: readonly Phrase[];
  readonly items: readonly EvidenceItem[];
}

/** How the segment counts at the instant: not required goes before excluded, excluded before any state. */
export async function verdictOf(
  db: Queryable,
  owed: OwedStation,
  dimension: Dimension,
  segment: Segment,
  at: number,
): Promise<Verdict> {
  const idle = await whyNotRequired(db, owed, at);
  if (idle !== null) return { countsAs: 'not_required', ...idle };
  const exclusion = await exclusionAt(db, owed, dimension, at);
  if (exclusion !== null) return { countsAs: 'excluded', ...exclusion };
  const countsAs = countedAs(segment, owed.contract.rules[dimension]);
  return { countsAs, phrases: [{ code: 'counts_as', params: { as: countsAs } }], items: [] };
}

function countedAs({ state, cause }: Segment, rules: Rules['network']): CountsAs {
  if (state !== 'unknown') return state;
  return cause === 'platform' ? rules.platform : rules.unknown;
}

type Reason = Omit<Verdict, 'countsAs'>;

async function whyNotRequired(db: Queryable, owed: OwedStation, at: number): Promise<Reason | null> {
  const { contract, station } = owed;
  const because = (code: Phrase['code'], params: Phrase['params'] = {}): Reason => ({
    phrases: [{ code, params }],
    items: [],
  });
  const term = termOf(contract);
  if (at < term.from || at >= term.to) {
    return because('not_required_term', { term_from: contract.term_from, term_to: contract.term_to });
  }
  const { commissioned } = station;
  if (commissioned === null || at < commissioned.from || at >= commissioned.to) {
    const since = commissioned === null ? null : new Date(commissioned.from);
    return because('not_required_commissioning', { commissioned_at: since });
  }
  const [suspension] = await sql.selectStationSuspensions(db, station.id, { from: at, to: at + 1 });
  if (suspension !== undefined) {
    const { id, from, to, reason } = suspension;
    return {
      phrases: [{ code: 'not_required_suspended', params: { id, from, to, reason } }],
      items: statement('suspension', from, to, { id, reason }),
    };
  }
  const hours = await hoursOf(db, contract, { from: at, to: at + 1 });
  return contains(merge(hours), at) ? null : because('not_required_hours');
}

async function exclusionAt(db: Queryable, owed: OwedStation, dimension: Dimension, at: number): Promise<Reason | null> {
  const rows = await sql.selectExclusions(db, owed.contract.id, owed.station, { from: at, to: at + 1 });
  const inForce = rows.filter(
    (row) => row.state === 'approved' && (row.dimension === 'both' || row.dimension === dimension),
  );
  if (inForce.length === 0) return null;
  return {
    phrases: inForce.map(({ id, kind, reason }) => ({ code: 'excluded_by', params: { id, kind, reason } })),
    items: inForce.flatMap(({ id, kind, reason, from_at, to_at, decided_at }) =>
      statement('exclusion', from_at, to_at, { id, kind, reason, decided_at }),
    ),
  };
}

/** Begin and end of what people said. */
function statement(
  kind: 'exclusion' | 'suspension',
  from: Date,
  to: Date | null,
  detail: Readonly<Record<string, unknown>>,
): EvidenceItem[] {
  const item = (role: 'begins' | 'ends', at: Date): EvidenceItem => ({
    kind,
    role,
    at,
    received_at: null,
    seq: null,
    device_id: null,
    detail,
  });
  return [item('begins', from), ...(to === null ? [] : [item('ends', to)])];
}
