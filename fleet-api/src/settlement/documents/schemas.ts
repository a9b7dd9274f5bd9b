import { type Static, Type } from 'typebox';
import { Body, Id, Instant, Json, NullableInteger, NullableString, nullable, oneOf, text } from '../../http/schemas.ts';
import {
  ContractJson,
  Day,
  Decision,
  Deed,
  DifferenceJson,
  FlawSchema,
  Name,
  Org,
  Person,
  StatementJson,
  ToDay,
  ValueJson,
} from '../schemas.ts';

export const DOCUMENT_STATES = ['draft', 'proposed', 'agreed', 'rejected', 'withdrawn'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];
export const DOCUMENT_ACTIONS = ['edit', 'propose', 'withdraw', 'agree', 'reject', 'delete'] as const;
export type DocumentAction = (typeof DOCUMENT_ACTIONS)[number];

/** A document as text (YAML or JSON) or as JSON: one of both. */
const given = {
  text: Type.Optional(Type.String({ minLength: 2, maxLength: 400_000, description: 'YAML or JSON' })),
  document: Type.Optional(Json),
};

export const CheckBody = Body(given);
export const CheckResult = Type.Object({
  document: nullable(ContractJson),
  text: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'As YAML, in the usual order' }),
  flaws: Type.Array(FlawSchema),
  /** What is new in it compared with the document in force, if the contract is named. */
  sha256: NullableString,
});

export const NewDocument = Body({ ...given, note: Type.Optional(text(500)) });
export const DocumentPatch = Body({ ...given, note: Type.Optional(text(500)) });
export const DecideDocument = Body({
  note: Type.Optional(text(500)),
  sha256: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{64}$',
      description: 'Of the document that was read; another one is not agreed to',
    }),
  ),
});

export const DocumentRow = Type.Object({
  id: Id,
  contract_id: Id,
  number: Type.Integer({ description: 'Version, from 1' }),
  state: oneOf(DOCUMENT_STATES),
  in_force: Type.Boolean(),
  sha256: Type.String(),
  note: NullableString,
  name: Type.Object({ zh: Type.String(), en: Type.String() }),
  created: Type.Object({ at: Instant, user: nullable(Person), org: nullable(Org) }),
  proposed: nullable(Deed),
  decided: nullable(Decision),
  effective_from: nullable(Day),
  repair_terms_id: NullableInteger,
  version: Type.Integer(),
  actions: Type.Array(oneOf(DOCUMENT_ACTIONS)),
});
export type DocumentRow = Static<typeof DocumentRow>;
export const DocumentDetail = Type.Object({
  ...DocumentRow.properties,
  document: ContractJson,
  text: Type.String({ description: 'As it was written, comments included; YAML, or JSON if it was written so' }),
});
export type DocumentDetail = Static<typeof DocumentDetail>;
export const DocumentList = Type.Object({
  items: Type.Array(DocumentRow),
  in_force_id: NullableInteger,
  may_write: Type.Boolean(),
});
export const DocumentParams = Type.Object({ id: Id, did: Id });

export const Change = Type.Object({
  path: Type.String({ description: 'Names of the things on the way, e.g. /clauses/final_payment/tiers/full/percent' }),
  kind: oneOf(['added', 'removed', 'changed']),
  before: Json,
  after: Json,
});
export type Change = Static<typeof Change>;
export const ChangeList = Type.Object({
  before: Type.Object({ id: Id, number: Type.Integer() }),
  after: Type.Object({ id: Id, number: Type.Integer() }),
  items: Type.Array(Change),
});
export const ChangeQuery = Body({ to: Type.Optional(Id) });

export const Presets = Type.Object({
  items: Type.Array(
    Type.Object({
      id: oneOf(['hn', 'dg', 'qh', 'zj']),
      name: Type.Object({ zh: Type.String(), en: Type.String() }),
      document: ContractJson,
      text: Type.String(),
    }),
  ),
});

export const DryRunBody = Body({
  ...given,
  document_id: Type.Optional(Id),
  against: Type.Optional(Id),
  instalment: Name,
  sub_period: Type.Optional(nullable(Name)),
  from_day: Day,
  to_day: ToDay,
  metrics: Type.Optional(Type.Record(Name, ValueJson, { description: 'Values to take instead of those found' })),
});
export type DryRunBody = Static<typeof DryRunBody>;
export const DryRunResult = Type.Object({
  before: nullable(StatementJson),
  before_missing: Type.Unsafe<string | null>({
    type: ['string', 'null'],
    description: 'Why there is nothing to compare with: no agreed document, or it has no such instalment',
  }),
  after: StatementJson,
  difference: nullable(DifferenceJson),
  metrics: Type.Record(Type.String(), ValueJson),
});
