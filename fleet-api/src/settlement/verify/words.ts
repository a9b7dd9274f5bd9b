import { formatFen } from '@uptally/sla';
import type { CheckedStatement, StatementDifference } from './check.ts';

const LONG = 160;
const cut = (text: string): string => (text.length > LONG ? `${text.slice(0, LONG)}…` : text);

/** A checked statement, a line each. */
export function statementLines({ content, recomputed, taken }: CheckedStatement): string[] {
  const { input, statement, document, rules_version } = content;
  const lines = (recomputed ?? statement).lines.map(
    ({ clause, amount_fen, title }) =>
      `  ${clause.padEnd(28)} ${formatFen(BigInt(amount_fen)).padStart(18)}  ${title.zh}`,
  );
  return [
    `statement ${statement.contract} ${statement.instalment}, ${input.period.from} to ${input.period.to} exclusive`,
    `contract document ${document.number}, SHA-256 ${document.sha256}; rules ${rules_version}`,
    ...lines,
    `  ${'total'.padEnd(28)} ${formatFen(BigInt((recomputed ?? statement).total_fen)).padStart(18)}  ${statement.total_words}`,
    ...taken.map((metric) => `  ${metric}: taken as stated, the bundle holds no records of it`),
  ];
}

export function statementDifferenceLine({ what, kept, recomputed }: StatementDifference): string {
  return `DIFFERENCE statement, ${what}: kept ${cut(kept)}, recomputed ${cut(recomputed)}`;
}
