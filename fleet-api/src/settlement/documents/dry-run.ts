import { type Contract, compareStatements, type MetricValue, type Statement } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { frameOf } from '../access.ts';
import { valuesOf } from '../metrics/gather.ts';
import { evaluateNow } from '../statements/evaluate.ts';
import type { DryRunBody } from './schemas.ts';
import { contentOf, found } from './service.ts';
import { selectInForce } from './sql.ts';

interface DryRun {
  readonly before: Statement | null;
  readonly before_missing: string | null;
  readonly after: Statement;
  readonly difference: ReturnType<typeof compareStatements> | null;
  readonly metrics: Record<string, MetricValue>;
}

/** What a document would pay for a period, beside what the one in force pays for it. Stores nothing. */
export async function dryRun(db: Queryable, by: Member, contractId: number, wish: DryRunBody): Promise<DryRun> {
  const { contract } = await frameOf(db, by, contractId);
  const document =
    wish.document_id === undefined
      ? (await contentOf(db, wish)).document
      : (await found(db, contractId, wish.document_id)).document;
  if (wish.to_day <= wish.from_day) throw apiError('invalid_period', 'to_day must lie after from_day');
  const run = (text: Contract) =>
    evaluateNow({
      db,
      contract,
      document: text,
      instalment: wish.instalment,
      subPeriod: text.sub_periods.some(({ id }) => id === wish.sub_period) ? (wish.sub_period ?? null) : null,
      fromDay: wish.from_day,
      toDay: wish.to_day,
      nowMs: by.nowMs,
      figures: 'frozen',
      instead: known(text, wish.metrics ?? {}),
    });
  if (!document.schedule.some(({ id }) => id === wish.instalment)) {
    throw apiError('unknown_reference', `The schedule has no ${wish.instalment}`);
  }
  const after = await run(document);
  const other =
    wish.against === undefined ? await selectInForce(db, contractId) : await found(db, contractId, wish.against);
  const reason =
    other === null
      ? 'no_agreed_document'
      : other.document.schedule.some(({ id }) => id === wish.instalment)
        ? null
        : 'no_such_instalment';
  const before = other === null || reason !== null ? null : (await run(other.document)).statement;
  return {
    before,
    before_missing: reason,
    after: after.statement,
    difference: before === null ? null : compareStatements(before, after.statement),
    metrics: { ...valuesOf(after.found), ...known(document, wish.metrics ?? {}) },
  };
}

/** Those of the values that belong to metrics of the document. */
function known({ metrics }: Contract, values: Readonly<Record<string, MetricValue>>): Record<string, MetricValue> {
  return Object.fromEntries(Object.entries(values).filter(([id]) => metrics.some((metric) => metric.id === id)));
}
