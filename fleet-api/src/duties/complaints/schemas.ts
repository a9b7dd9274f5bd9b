import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import {
  Body,
  Id,
  Instant,
  InstantInput,
  NullableInstant,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  Page,
  Query,
  text,
} from '../../http/schemas.ts';
import { ContractRef, Org, Person, Version } from '../schemas.ts';
import { COMPLAINT_STATES, WORDS } from './words.ts';

export const THROUGH = ['phone', 'letter', 'page', 'visit', 'other'] as const;
export const COMPLAINT_ACTIONS = ['say', 'give_way', 'claim_resolved', 'resolve', 'refuse_resolution'] as const;
export const SIDES = ['agency', 'contractor'] as const;

const SaidWord = Type.Object({ word: oneOf(WORDS), note: NullableString, user: Person, at: Instant });
const Place = Type.Object({ id: Id, name: Type.String() });

export const Complaint = Type.Object({
  id: Id,
  contract: ContractRef,
  received_at: Instant,
  through: oneOf(THROUGH),
  complainant: Type.String(),
  phone: NullableString,
  site: nullable(Place),
  station: nullable(Place),
  work_order_id: Type.Unsafe<number | null>({ type: ['integer', 'null'] }),
  body: Type.String(),
  recorded: Type.Object({ at: Instant, user: Person, org: Org }),
  agency: Type.Union([SaidWord, Type.Null()], { description: "The agency's word" }),
  contractor: Type.Union([SaidWord, Type.Null()], { description: "The contractor's word" }),
  state: oneOf(COMPLAINT_STATES, 'open: a word is missing; disputed: they differ. Neither counts as valid'),
  class: nullableOneOf(['serious', 'ordinary']),
  decided_at: NullableInstant,
  silent_side: Type.Unsafe<(typeof SIDES)[number] | null>({
    type: ['string', 'null'],
    enum: [...SIDES, null],
    description: 'Decided by the silence of this side',
  }),
  answer_by: Type.Unsafe<Date | string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: 'Until then the silent side may still speak',
  }),
  resolution: nullable(Type.Object({ text: Type.String(), user: Person, at: Instant })),
  resolution_refusal: NullableString,
  resolved: nullable(Type.Object({ at: Instant, user: Person })),
  version: Type.Integer(),
  actions: Type.Array(oneOf(COMPLAINT_ACTIONS)),
  words: Type.Array(oneOf(WORDS), { description: 'What the caller may say now' }),
});
export const ComplaintPage = Page(Complaint);

export const ComplaintQuery = Query({
  ...pageQuery,
  contract: Type.Optional(Id),
  state: Type.Optional(oneOf(COMPLAINT_STATES)),
  class: Type.Optional(oneOf(['serious', 'ordinary'])),
  site: Type.Optional(Id),
  resolved: Type.Optional(Type.Boolean()),
  awaiting: Type.Optional(Type.Boolean({ description: "true: only those that wait for the caller's side" })),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
});

export const NewComplaint = Body({
  contract_id: Id,
  received_at: InstantInput,
  through: oneOf(THROUGH),
  complainant: Type.Optional(text(100)),
  phone: Type.Optional(text(40)),
  site_id: Type.Optional(Id),
  station_id: Type.Optional(Id),
  work_order_id: Type.Optional(Id),
  body: text(4000),
  word: Type.Optional(oneOf(WORDS, "The recorder's own side's word, if it gives it at once")),
});
export const SayBody = Body({ word: oneOf(WORDS), note: Type.Optional(text(2000)), version: Version });
export const ResolutionBody = Body({ text: text(2000), version: Version });
export const ResolveBody = Body({ note: Type.Optional(text(2000)), version: Version });
export const RefuseBody = Body({ note: text(2000), version: Version });

export type Complaint = Static<typeof Complaint>;
export type ComplaintQuery = Static<typeof ComplaintQuery>;
export type NewComplaint = Static<typeof NewComplaint>;
export type SayBody = Static<typeof SayBody>;
