import { type Static, Type } from 'typebox';
import { Body, Id, nullable, oneOf, Query, text } from '../../http/schemas.ts';
import { Day, Decision, Deed, Name, ToDay, ValueJson } from '../schemas.ts';

export const INPUT_STATES = ['proposed', 'agreed', 'rejected', 'withdrawn'] as const;
export const INPUT_ACTIONS = ['agree', 'reject', 'withdraw'] as const;
export type InputAction = (typeof INPUT_ACTIONS)[number];

export const MetricInput = Type.Object({
  id: Id,
  contract_id: Id,
  metric: Type.String(),
  from_day: Day,
  to_day: ToDay,
  value: ValueJson,
  source: Type.String({ description: 'On what it rests, in words' }),
  state: oneOf(INPUT_STATES),
  proposed: Deed,
  decided: nullable(Decision),
  actions: Type.Array(oneOf(INPUT_ACTIONS)),
});
export type MetricInput = Static<typeof MetricInput>;
export const InputList = Type.Object({ items: Type.Array(MetricInput) });
export const InputQuery = Query({ metric: Type.Optional(Name), state: Type.Optional(oneOf(INPUT_STATES)) });
export const NewInput = Body({ metric: Name, from_day: Day, to_day: ToDay, value: ValueJson, source: text(1000) });
export type NewInput = Static<typeof NewInput>;
export const DecideInput = Body({ note: Type.Optional(text(500)) });
export const InputParams = Type.Object({ id: Id, iid: Id });
