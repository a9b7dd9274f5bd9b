import type { Form } from '../language/clauses.ts';
import type { Interpretation, Text } from '../language/parts.ts';
import type { NotApplicable } from './outcome.ts';
import type { Lack } from './values.ts';
import type { Step } from './words.ts';

/** An exact fraction for JSON: digits, since numbers would not hold them. Denominator positive, reduced. */
export interface Digits {
  readonly num: string;
  readonly den: string;
}

/** What a line rests on: the metric, and its value in full. */
export interface LineInput {
  readonly metric: string;
  readonly name: Text;
  readonly value:
    | { readonly rate: Digits; readonly nothing_due: boolean }
    | { readonly count: string }
    | { readonly points: Digits }
    | { readonly list: readonly Digits[] }
    | { readonly choice: string };
}

/** A reading of the text that the line's result rests on. */
export interface AppliedInterpretation {
  /** What it is about: a clause, a metric, or the contract as a whole. */
  readonly of: { readonly clause: string } | { readonly metric: string } | 'contract';
  readonly id: string;
  readonly text: Text;
  /** The field whose value is the reading; null for a reading without alternatives. */
  readonly field: string | null;
}

/** One clause over one period. */
export interface StatementLine {
  readonly clause: string;
  readonly form: Form;
  readonly title: Text;
  readonly source: string;
  /** `missing`: a value is not there, and nothing was guessed. `not_applicable`: all is known and it comes to nothing. */
  readonly state: 'applied' | 'not_applicable' | 'missing';
  readonly lacks: readonly Lack[];
  readonly not_applicable: NotApplicable | null;
  readonly inputs: readonly LineInput[];
  readonly steps: readonly Step[];
  readonly base_fen: number | null;
  readonly fraction: Digits | null;
  /** Positive is paid, negative deducted. */
  readonly amount_fen: number;
  readonly points: Digits | null;
  readonly items: readonly { readonly id: string; readonly points: Digits }[];
  readonly tier: string | null;
  readonly grade: string | null;
  readonly delay_months: number;
  readonly may_end: boolean;
  readonly interpretations: readonly AppliedInterpretation[];
}

/** An instalment over a period: JSON through and through, the same for the same input on any machine. */
export interface Statement {
  readonly format: 1;
  readonly contract: string;
  readonly instalment: string;
  readonly sub_period: string | null;
  readonly contractor: string | null;
  readonly from: string;
  /** The day after the last. */
  readonly to: string;
  readonly currency: 'CNY';
  readonly lines: readonly StatementLine[];
  /** Sum of the lines. Only an amount to pay if `is_complete`. */
  readonly total_fen: number;
  /** The total in capital words for Chinese printing. */
  readonly total_words: string;
  /** False while any line lacks a value. */
  readonly is_complete: boolean;
  /** The longest delay of any line. */
  readonly delay_months: number;
  readonly may_end: boolean;
}

export const applied = (
  of: AppliedInterpretation['of'],
  { id, text, field = null }: { readonly id: string; readonly text: Text; readonly field?: string | null },
): AppliedInterpretation => ({ of, id, text, field });

/** A reading with a field decides only where the result depends on it; one without stands always. */
export const isDecisive = ({ field }: Interpretation, decidedBy: readonly string[]): boolean =>
  field === undefined || decidedBy.includes(field);
