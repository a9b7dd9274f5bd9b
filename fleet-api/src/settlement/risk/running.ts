import { type ClauseOf, type Contract, dayOf, type Instalment, instalmentPeriods } from '@uptally/sla';

/** A tier clause of an instalment whose period runs. */
export interface RunningClause {
  readonly instalment: Instalment;
  readonly clause: ClauseOf<'tiers'>;
  readonly subPeriod: string | null;
  readonly fromDay: string;
  readonly toDay: string;
}

/** The tier clauses that pay or deduct for a period that runs at an instant. What is paid once is not at risk. */
export function runningClauses(document: Contract, nowMs: number): RunningClause[] {
  return document.schedule.flatMap((instalment) => {
    if (instalment.cycle === 'once') return [];
    const period = runningPeriod(document, instalment, nowMs);
    if (period === null) return [];
    const clauses = document.clauses.filter(
      (clause): clause is ClauseOf<'tiers'> => clause.form === 'tiers' && instalment.clauses.includes(clause.id),
    );
    return clauses.map((clause) => ({ instalment, clause, ...period }));
  });
}

/** The period of an instalment in which an instant lies, or null. */
export function runningPeriod(document: Contract, instalment: Instalment, nowMs: number) {
  const today = dayOf(document.time_zone, nowMs);
  const found = instalmentPeriods(document, instalment).find(({ from, to }) => from <= today && today < to);
  return found === undefined ? null : { subPeriod: found.sub_period, fromDay: found.from, toDay: found.to };
}
