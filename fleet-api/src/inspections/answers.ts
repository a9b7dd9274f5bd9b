import { type Static, Type } from 'typebox';
import { Id, InstantInput, oneOf, text } from '../http/schemas.ts';
import type { ChecklistItem } from './checklist.ts';

/** What was found at one item. */
export const Answer = Type.Object(
  {
    result: Type.Optional(oneOf(['ok', 'fault', 'not_applicable'], 'Of ok_fault items')),
    value: Type.Optional(Type.Number({ description: 'Of readings, in the unit of the metric' })),
    reading_at: Type.Optional(InstantInput),
    text: Type.Optional(text(2000)),
    note: Type.Optional(text(500)),
    files: Type.Optional(Type.Array(Id, { maxItems: 10, description: 'Files that were added to the task before' })),
    open_fault: Type.Optional(Type.Boolean({ description: 'Of a faulty item: a fault is opened with it' })),
    fault_id: Type.Optional(Id),
  },
  { additionalProperties: false },
);
export type Answer = Static<typeof Answer>;

export const Answers = Type.Record(Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$' }), Answer);
export type Answers = Static<typeof Answers>;

/** True if the answer says what its kind of item asks for. */
export function isAnswered({ kind }: Pick<ChecklistItem, 'kind'>, answer: Answer | undefined): boolean {
  switch (kind) {
    case 'ok_fault':
      return answer?.result !== undefined;
    case 'reading':
      return answer?.value !== undefined;
    case 'text':
      return answer?.text !== undefined && answer.text.trim() !== '';
    case 'photo':
      return (answer?.files?.length ?? 0) > 0;
  }
}

export interface AnswerProblem {
  readonly item: string;
  readonly message: string;
}

/** What keeps the answers from being complete: required items without one, answers to nothing, files that are not there. */
export function problemsOfAnswers(
  checklist: readonly ChecklistItem[],
  answers: Answers,
  fileIds: ReadonlySet<number>,
): AnswerProblem[] {
  const missing = checklist
    .filter((item) => item.required && !isAnswered(item, answers[item.id]))
    .map(({ id }) => ({ item: id, message: 'is required' }));
  const known = new Set(checklist.map(({ id }) => id));
  const strange = Object.keys(answers)
    .filter((id) => !known.has(id))
    .map((item) => ({ item, message: 'is no item of this checklist' }));
  const lost = Object.entries(answers)
    .filter(([, answer]) => answer.files?.some((id) => !fileIds.has(id)))
    .map(([item]) => ({ item, message: 'names a file that the task does not have' }));
  return [...missing, ...strange, ...lost];
}

/** How many items were found faulty. */
export function faultyOf(answers: Answers): number {
  return Object.values(answers).filter(({ result }) => result === 'fault').length;
}
