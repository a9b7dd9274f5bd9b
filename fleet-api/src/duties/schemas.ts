import { Type } from 'typebox';
import { ORG_KINDS } from '../auth/schemas.ts';
import { Id, nullable, oneOf } from '../http/schemas.ts';

/** Parts of answers about duties. */
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'A day in the zone of the contract' });
export const Month = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])$',
  description: 'A month in the zone of the contract',
});
export const Person = nullable(Type.Object({ id: Id, name: Type.String() }));
export const Org = Type.Object({ id: Id, name: Type.String(), kind: oneOf(ORG_KINDS) });
export const ContractRef = Type.Object({ id: Id, code: Type.String(), name: Type.String(), time_zone: Type.String() });
export const Version = Type.Integer({ minimum: 1, description: 'The version that the act is about' });
export const Rate = nullable(Type.Object({ num: Type.Integer(), den: Type.Integer() }));
