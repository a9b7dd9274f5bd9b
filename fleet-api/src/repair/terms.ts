import {
  type CaseLog,
  parseRepairTargets,
  REPAIR_STAGES,
  REPAIRED_IN_TIME,
  type RepairTerms,
  repairTerms,
  type TimelinessRule,
} from '@uptally/sla';
import { loadDayTable } from '../availability/ledger/index.ts';
import type { PoolClient, Queryable } from '../db/index.ts';

const HOUR_MS = 3_600_000;
const always = (limitMs: number) => ({ calendar: 'always', limitMs });

/** What a contract asks for that says nothing: the usual limits of the trade (R-DG-7, R-DG-8, R-QH-1), round the clock. */
export const DEFAULT_TARGETS = {
  calendars: { always: { kind: 'always' } },
  severities: {
    ordinary: {
      respond: always(HOUR_MS),
      on_site: always(24 * HOUR_MS),
      temporary_restoration: always(24 * HOUR_MS),
      repair: always(48 * HOUR_MS),
    },
    major: {
      respond: always(HOUR_MS / 6),
      on_site: always(2 * HOUR_MS),
      temporary_restoration: always(8 * HOUR_MS),
      repair: always(24 * HOUR_MS),
    },
  },
  warnAtPercent: [80],
} as const;

/** Newest terms of a contract; severities in the contract's own order, from ordinary to grave. */
export interface CurrentTerms {
  readonly id: number;
  readonly severities: readonly string[];
}

interface TermsRow {
  readonly id: number;
  readonly targets: { readonly severities: Readonly<Record<string, unknown>> };
}

/** The terms that a new fault of the contract is judged by; a contract without any gets the default ones. */
export async function currentTerms(client: PoolClient, contractId: number): Promise<CurrentTerms> {
  const newest = 'select id, targets from repair_terms where contract_id = $1 order by id desc limit 1';
  let { rows } = await client.query<TermsRow>(newest, [contractId]);
  if (rows.length === 0) {
    ({ rows } = await client.query<TermsRow>(
      `insert into repair_terms (contract_id, targets, source) values ($1, $2, 'default') returning id, targets`,
      [contractId, JSON.stringify(DEFAULT_TARGETS)],
    ));
  }
  const { id, targets } = rows[0] as TermsRow;
  return { id, severities: Object.keys(targets.severities) };
}

/** Severities of the terms that hold for a contract now, without storing any. */
export async function currentTermsOf(db: Queryable, contractId: number): Promise<string[]> {
  const { rows } = await db.query<TermsRow>(
    'select id, targets from repair_terms where contract_id = $1 order by id desc limit 1',
    [contractId],
  );
  return Object.keys(rows[0]?.targets.severities ?? DEFAULT_TARGETS.severities);
}

/** Terms by the name that logs use for them, with what counts as in time. */
export class TermsBook {
  readonly #byId: ReadonlyMap<string, BookEntry>;

  constructor(entries: ReadonlyMap<string, BookEntry>) {
    this.#byId = entries;
  }

  readonly termsOf = (contract: string): RepairTerms | undefined => this.#byId.get(contract)?.terms;

  /** What the contract counts as in time at a severity: repaired within the limit, unless it says otherwise. */
  ruleOf(contract: string, severity: string): TimelinessRule {
    return this.#byId.get(contract)?.rules.get(severity) ?? REPAIRED_IN_TIME;
  }

  /** The gravest of the severities: the one that the contract names last. */
  gravest(contract: string, severities: readonly string[]): string {
    const order = [...(this.termsOf(contract)?.targets.severities.keys() ?? [])];
    return [...severities].sort((a, b) => order.indexOf(b) - order.indexOf(a))[0] ?? order[0] ?? '';
  }
}

interface BookEntry {
  readonly terms: RepairTerms;
  readonly rules: ReadonlyMap<string, TimelinessRule>;
}

/** Ids of the terms that logs name. */
export function* termsNamed(logs: Iterable<CaseLog>): Generator<number> {
  for (const log of logs) for (const event of log) if ('contract' in event) yield Number(event.contract);
}

/** Loads terms by id. Calendars of one call share the table of days as it is now. */
export async function loadTerms(db: Queryable, ids: Iterable<number>): Promise<TermsBook> {
  const { rows } = await db.query<{ id: number; targets: unknown; timeliness: unknown; time_zone: string }>(
    `select t.id, t.targets, t.timeliness, c.time_zone from repair_terms t join contract c on c.id = t.contract_id
     where t.id = any ($1)`,
    [[...new Set(ids)]],
  );
  const days = await loadDayTable(db);
  return new TermsBook(
    new Map(
      rows.map(({ id, targets, timeliness, time_zone }): [string, BookEntry] => [
        String(id),
        { terms: repairTerms(parseRepairTargets(targets), time_zone, days), rules: rulesOf(timeliness) },
      ]),
    ),
  );
}

/** Rules as stored: severity -> {stages, need}. They were checked before they were stored. */
function rulesOf(json: unknown): ReadonlyMap<string, TimelinessRule> {
  return new Map(
    Object.entries((json ?? {}) as Record<string, TimelinessRule>).map(([severity, { stages, need }]) => [
      severity,
      { stages: REPAIR_STAGES.filter((stage) => stages.includes(stage)), need },
    ]),
  );
}
