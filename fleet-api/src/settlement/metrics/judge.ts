import {
  type Contract,
  documentTimeliness,
  type Fraction,
  type Interval,
  inspectionRate,
  type Metric,
  type MetricValue,
  parseRepairTargets,
  REPAIRED_IN_TIME,
  type RepairTerms,
  type RepairVerdict,
  repairClocks,
  repairTerms,
  severitiesOf,
  verdictOf,
} from '@uptally/sla';
import type { Evidence, MetricSource } from './types.ts';

/** A value as evidence alone gives it. */
export interface Judged {
  readonly source: MetricSource;
  readonly value: MetricValue;
  /** The part of the evidence that it was computed from. */
  readonly rests: unknown;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Terms by the name that logs use for them. */
export type TermsLookup = (contract: string) => RepairTerms | undefined;

/** Clocks can be read by the result: terms as the evidence has them. */
export function termsIn({ repair_terms, holidays, workdays }: Evidence): TermsLookup {
  const days = { holidays: new Set(holidays), workdays: new Set(workdays) };
  const known = new Map(
    Object.entries(repair_terms).map(([id, terms]) => [
      id,
      repairTerms(parseRepairTargets(terms.targets), terms.time_zone, days),
    ]),
  );
  return (id) => known.get(id);
}

/**
 * The value of a metric from evidence, by the rules of docs/contracts.md. Pure: the server and the offline verifier call the same,
 * and so does whoever doubts it. Null for metrics of availability, whose evidence are the figures.
 */
export function judgeMetric(
  metric: Metric,
  contract: Contract,
  evidence: Evidence,
  period: Interval,
  termsOf: TermsLookup,
): Judged | null {
  switch (metric.kind) {
    case 'availability':
      return null;
    case 'repair_timeliness':
      return repaired(metric.duties, contract, evidence, termsOf);
    case 'inspection_rate':
      return inspected(evidence.inspections[metric.id] ?? [], period, evidence.as_of);
    case 'late_documents':
      return delivered(evidence.documents[metric.id] ?? [], period, evidence.as_of);
    case 'complaints':
      return complained(evidence.complaints, metric.class);
    case 'rating':
      return rated(metric, evidence) ?? agreed(metric, evidence);
    case 'list':
      return metric.taken_from === undefined ? agreed(metric, evidence) : monthly(evidence, period, contract.time_zone);
    case 'count':
      return metric.taken_from === 'resolved_complaints' ? resolved(evidence.complaints) : agreed(metric, evidence);
    case 'share':
    case 'choice':
      return agreed(metric, evidence);
  }
}

function repaired(duties: readonly string[], contract: Contract, evidence: Evidence, termsOf: TermsLookup): Judged {
  const severities = severitiesOf(contract, duties);
  const counts: Record<RepairVerdict, number> = { on_time: 0, late: 0, pending: 0, cancelled: 0, not_owed: 0 };
  const rests = [];
  for (const each of evidence.cases) {
    const openedAt = each.log.find(({ kind }) => kind === 'opened')?.at ?? evidence.as_of;
    const clocks = repairClocks(each.log, termsOf, Math.max(openedAt, evidence.as_of));
    if (!severities.includes(clocks.severity)) continue;
    const rule = evidence.repair_terms[clocks.contract]?.timeliness[clocks.severity] ?? REPAIRED_IN_TIME;
    counts[verdictOf(clocks, rule)]++;
    rests.push(each);
  }
  const { on_time, late } = counts;
  return { source: 'repair', value: share(on_time, late), rests, detail: { ...counts, severities } };
}

function inspected(items: Evidence['inspections'][string], period: Interval, asOf: number): Judged {
  const { inTime, later, missed, pending } = inspectionRate(items, period, asOf);
  const detail = { in_time: inTime, later, missed, pending };
  return { source: 'inspections', value: share(inTime + later, missed), rests: items, detail };
}

function delivered(items: Evidence['documents'][string], period: Interval, asOf: number): Judged {
  const { onTime, late, missing, pending } = documentTimeliness(items, period, asOf);
  const detail = { on_time: onTime, late, missing, pending };
  return { source: 'documents', value: { count: late + missing }, rests: items, detail };
}

function complained(all: Evidence['complaints'], kind: string | undefined): Judged {
  const rests = all.filter((each) => kind === undefined || each.class === kind);
  return { source: 'complaints', value: { count: rests.length }, rests, detail: { class: kind ?? null } };
}

function resolved(all: Evidence['complaints']): Judged {
  const rests = all.filter(({ is_resolved }) => is_resolved);
  return { source: 'complaints', value: { count: rests.length }, rests, detail: { class: 'resolved' } };
}

/** Mean of each item over the months that were rated; null if none was. */
function rated(metric: Extract<Metric, { kind: 'rating' }>, { ratings }: Evidence): Judged | null {
  if (ratings.length === 0) return null;
  const detail = { months: ratings.map(({ month }) => month) };
  if (metric.items === undefined) {
    const means = ratings.map(({ items }) => mean(Object.values(items)));
    return { source: 'ratings', value: { rating: meanOf(means) }, rests: ratings, detail };
  }
  const found = metric.items.map(({ id, name }) => ({
    id,
    name,
    scores: ratings.flatMap(({ items }) => items[id] ?? []),
  }));
  const lacking = found.find(({ scores }) => scores.length === 0);
  if (lacking !== undefined) {
    const { zh, en } = lacking.name;
    return { source: 'ratings', value: { missing: `no month rates ${zh} (${en})` }, rests: ratings, detail };
  }
  const value = { ratings: Object.fromEntries(found.map(({ id, scores }) => [id, mean(scores)])) };
  return { source: 'ratings', value, rests: ratings, detail };
}

/** A number for each month of the period; a month without a sheet leaves the list without a value. */
function monthly({ ratings }: Evidence, period: Interval, timeZone: string): Judged {
  const months = monthsIn(period, timeZone);
  const lacking = months.filter((month) => !ratings.some((each) => each.month === month));
  const value: MetricValue =
    lacking.length > 0
      ? { missing: `no agreed rating of ${lacking.join(', ')}` }
      : { list: ratings.map(({ items }) => mean(Object.values(items))) };
  return { source: 'ratings', value, rests: ratings, detail: { months } };
}

function agreed({ id }: Metric, evidence: Evidence): Judged {
  const input = evidence.agreed[id];
  if (input === undefined) {
    return { source: 'none', value: { missing: 'no value that both sides agreed on' }, rests: null, detail: {} };
  }
  const { value, ...detail } = input;
  return { source: 'agreed', value, rests: input, detail };
}

const share = (good: number, bad: number): MetricValue => ({ rate: { num: String(good), den: String(good + bad) } });

/** Scores are whole or have at most six decimals; as an exact fraction. */
function mean(scores: readonly number[]): Fraction {
  const scale = 1_000_000;
  const sum = scores.reduce((all, score) => all + Math.round(score * scale), 0);
  return reduced(sum, scale * Math.max(1, scores.length));
}

function meanOf(means: readonly Fraction[]): { readonly num: string; readonly den: string } {
  let [num, den] = [0n, 1n];
  for (const each of means) {
    num = num * BigInt(each.den) + BigInt(each.num) * den;
    den *= BigInt(each.den);
  }
  den *= BigInt(Math.max(1, means.length));
  const divisor = gcd(num, den);
  return { num: String(num / divisor), den: String(den / divisor) };
}

function reduced(num: number, den: number): Fraction {
  const divisor = Number(gcd(BigInt(num), BigInt(den)));
  return { num: num / divisor, den: den / divisor };
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? (a < 0n ? -a : a === 0n ? 1n : a) : gcd(b, a % b);
}

/** `2026-03` and so on: the months whose first day lies in the period. */
export function monthsIn({ from, to }: Interval, timeZone: string): string[] {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit' });
  const name = (at: number): string => format.format(at).slice(0, 7);
  const months = new Set<string>();
  for (let at = from; at < to; at += 86_400_000) months.add(name(at));
  months.add(name(to - 1));
  return [...months];
}
