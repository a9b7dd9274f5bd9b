import {
  addTallies,
  type Contract,
  checkContract,
  counted,
  evaluate,
  type Interval,
  type Metric,
  type MetricValue,
  periodOf,
  RULES_VERSION,
  type Statement,
} from '@uptally/sla';
import type { DayFigures } from '../../evidence/case/types.ts';
import type { ArchiveContent } from '../archive/chain.ts';
import { canonicalJson, digestOf, sha256Of } from '../canonical.ts';
import { judgeMetric, type TermsLookup, termsIn } from '../metrics/judge.ts';
import { metricsNeeded } from '../metrics/needed.ts';
import { type AvailabilityMetric, availabilityOf, type StationPart } from '../metrics/rate.ts';
import type { Evidence } from '../metrics/types.ts';
import type { FrozenContent } from '../statements/evaluate.ts';
import { unlike } from './unlike.ts';

/** Places that are named of one thing that differs. */
const MOST_PLACES = 5;

/** A statement as a bundle carries it: texts, since digests are of texts. */
export interface StatementFiles {
  /** Canonical JSON of `FrozenContent`. */
  readonly content: string;
  /** Canonical JSON of `Evidence`. */
  readonly evidence: string;
  /** Canonical JSON of `ArchiveContent`; null: not archived. */
  readonly archive: string | null;
}

/** Something in a statement that is not what it should be. */
export interface StatementDifference {
  /** `contract document`, `evidence`, `metric network`, `line final_payment`, `total`, `signature agency`, ...; with a JSON pointer where a part is meant. */
  readonly what: string;
  readonly kept: string;
  readonly recomputed: string;
}

export interface CheckedStatement {
  readonly content: FrozenContent;
  readonly recomputed: Statement | null;
  /** Values that nothing in the bundle could be computed from; they are taken as stated. */
  readonly taken: readonly string[];
  readonly differences: readonly StatementDifference[];
}

/** Figures of each station's days, as they were recomputed from the records. */
export type StationDays = ReadonlyMap<string, readonly DayFigures[]>;

/**
 * Computes a statement again, to the fen, from the contract document, the recomputed figures and the evidence, and compares every
 * value, line and amount with what was frozen and signed. Pure: needs no server.
 */
export function checkStatement(files: StatementFiles, stations: StationDays): CheckedStatement {
  const content = JSON.parse(files.content) as FrozenContent;
  const evidence = JSON.parse(files.evidence) as Evidence;
  const document = content.document.content;
  const taken: string[] = [];
  const differences = [...digestsOf(files, content), ...flawsOf(document)];
  if (checkContract(document).length > 0) return { content, recomputed: null, taken, differences };
  const period = periodOf({ from: content.input.period.from, to: content.input.period.to }, document.time_zone);
  const terms = termsIn(evidence);
  const metrics: Record<string, MetricValue> = {};
  for (const metric of metricsNeeded(document, content.input.instalment)) {
    const kept = content.input.metrics[metric.id];
    const value = recomputedValue(metric, { document, evidence, period, terms, stations });
    if (value === null) taken.push(metric.id);
    metrics[metric.id] = value ?? kept ?? { missing: 'not in the bundle' };
    differences.push(...differ(`metric ${metric.id}`, kept ?? null, metrics[metric.id]));
  }
  for (const { metric, value } of content.metrics) {
    differences.push(...differ(`metric ${metric} (as told)`, value, content.input.metrics[metric] ?? null));
  }
  const recomputed = evaluate(document, { ...content.input, metrics });
  differences.push(...amounts(content.statement, recomputed), ...chained(files, content));
  return { content, recomputed, taken, differences };
}

interface Sources {
  readonly document: Contract;
  readonly evidence: Evidence;
  readonly period: Interval & { readonly fromDay: string; readonly toDay: string };
  readonly terms: TermsLookup;
  readonly stations: StationDays;
}

/** Null where the bundle holds nothing to compute it from. */
function recomputedValue(metric: Metric, { document, evidence, period, terms, stations }: Sources): MetricValue | null {
  if (metric.kind === 'availability') {
    const days = [...stations.values()].map((each) =>
      each.filter(({ day }) => day >= period.fromDay && day < period.toDay),
    );
    return availabilityOf(
      metric,
      document,
      days.map((each) => partOf(metric, document, each)),
    );
  }
  if (metric.kind === 'count' && metric.taken_from === 'recurring_faults') return null;
  return judgeMetric(metric, document, evidence, period, terms)?.value ?? null;
}

/** A station's days added up, and counted by the metric's tolerance. */
function partOf(metric: AvailabilityMetric, { counting }: Contract, days: readonly DayFigures[]): StationPart {
  const rule = { unknown: counting.unknown, platform: counting.platform };
  const tallies = days.map((day) => ({ required: day.required, ...day[metric.dimension] }));
  const counts = tallies.map((tally) => counted(tally, rule)).filter(({ up, down }) => up + down > 0);
  const tolerance = metric.max_down_ms ?? 0;
  return {
    tally: addTallies(tallies),
    days: { counted: counts.length, intact: counts.filter(({ down }) => down <= tolerance).length },
  };
}

function digestsOf(files: StatementFiles, content: FrozenContent): StatementDifference[] {
  return [
    ...differ('evidence', content.evidence_sha256, sha256Of(files.evidence).toString('hex')),
    ...differ('contract document', content.document.sha256, digestOf(content.document.content)),
    ...differ('rules', content.rules_version, RULES_VERSION),
  ];
}

function flawsOf(document: Contract): StatementDifference[] {
  return checkContract(document).map(({ path, code, reason }) => ({
    what: `contract document ${path}`,
    kept: code,
    recomputed: reason,
  }));
}

function amounts(kept: Statement, ours: Statement): StatementDifference[] {
  const ids = [...new Set([...kept.lines, ...ours.lines].map(({ clause }) => clause))];
  const lines = ids.flatMap((id) => {
    const [a, b] = [kept, ours].map(({ lines }) => lines.find(({ clause }) => clause === id));
    const byAmount = differ(`line ${id}`, fen(a?.amount_fen), fen(b?.amount_fen));
    return byAmount.length > 0 ? byAmount : places(`line ${id}`, a, b);
  });
  const total = differ('total', fen(kept.total_fen), fen(ours.total_fen));
  const sum = kept.lines.reduce((all, { amount_fen }) => all + amount_fen, 0);
  const added = differ('total, as the sum of its lines', fen(kept.total_fen), fen(sum));
  const words = differ('total in words', kept.total_words, ours.total_words);
  return [...lines, ...total, ...added, ...words];
}

/** Signatures and the archive are of exactly this content. */
function chained({ archive, content: text }: StatementFiles, content: FrozenContent): StatementDifference[] {
  if (archive === null) return [];
  const entry = JSON.parse(archive) as ArchiveContent;
  const sha256 = sha256Of(text).toString('hex');
  return [
    ...differ('archived statement', entry.statement.sha256, sha256),
    ...places('archived statement', entry.statement.content, content),
    ...entry.signatures.flatMap((each) => differ(`signature ${each.side}`, each.sha256, sha256)),
  ];
}

/** What differs inside of something, by place. */
const places = (what: string, kept: unknown, recomputed: unknown): StatementDifference[] =>
  unlike(kept, recomputed, MOST_PLACES).map(({ path, ...each }) => ({ what: `${what} ${path}`.trimEnd(), ...each }));

const fen = (amount: number | undefined): string => (amount === undefined ? 'none' : `${amount} fen`);

function differ(what: string, kept: unknown, recomputed: unknown): StatementDifference[] {
  const [a, b] = [kept, recomputed].map((each) => (typeof each === 'string' ? each : canonicalJson(each)));
  return a === b ? [] : [{ what, kept: a ?? '', recomputed: b ?? '' }];
}
