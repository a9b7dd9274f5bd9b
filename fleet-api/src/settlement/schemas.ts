import type { Contract as ContractText, Flaw, MetricValue, Statement, StatementDifference } from '@uptally/sla';
import { Type } from 'typebox';
import { dayText } from '../availability/contracts/schemas.ts';
import { Id, Instant, NullableString, nullable } from '../http/schemas.ts';

/** Parts that answers of settlement share. Forms of the core are passed on as they are: docs/contracts.md tells them. */
export const ContractJson = Type.Unsafe<ContractText>({ description: 'A contract as data, docs/contracts.md' });
export const StatementJson = Type.Unsafe<Statement>({
  description: 'Statement of the core: lines, amounts in fen, words',
});
export const DifferenceJson = Type.Unsafe<StatementDifference>({ description: 'Lines that differ, fen' });
export const ValueJson = Type.Unsafe<MetricValue>({
  description: '{rate: {num, den}}, {count}, {rating}, {ratings: {item: …}}, {list: […]}, {choice} or {missing}',
});
export const FlawSchema = Type.Unsafe<Omit<Flaw, 'code'> & { readonly code: string }>({
  type: 'object',
  required: ['path', 'code', 'reason'],
  properties: {
    path: { type: 'string', description: 'JSON pointer into the document' },
    code: { type: 'string' },
    reason: { type: 'string' },
  },
});

export const Bilingual = Type.Object({ zh: Type.String(), en: Type.String() });
export const Person = Type.Object({ id: Id, name: Type.String() });
export const Org = Type.Object({ id: Id, name: Type.String(), kind: Type.String() });
/** Something that somebody did. */
export const Deed = Type.Object({ at: Instant, user: nullable(Person), org: nullable(Org) });
export const Decision = Type.Object({ at: Instant, user: nullable(Person), org: nullable(Org), note: NullableString });
export const Day = dayText();
export const ToDay = dayText('The day after the last');
/** Name of a thing in a contract document. */
export const Name = Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' });
