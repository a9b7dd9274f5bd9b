import { type Static, Type } from 'typebox';
import { pageQuery } from '../../http/paging.ts';
import { Body, Id, Instant, NullableString, nullable, oneOf, Page, Query, text } from '../../http/schemas.ts';
import { ContractRef, Month, Org, Person, Rate, Version } from '../schemas.ts';

export const SHEET_STATES = ['proposed', 'remarked', 'agreed'] as const;
export const SHEET_ACTIONS = ['propose', 'remark', 'agree'] as const;

const ItemId = Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' });
const Words = Type.Object({ zh: text(60), en: text(60) }, { additionalProperties: false });
const Score = Type.Integer({ minimum: 0, maximum: 100 });
const Item = Type.Object({ id: ItemId, name: Words }, { additionalProperties: false });
const Mean = Type.Object({
  num: Type.Integer(),
  den: Type.Integer(),
  shown: Type.String({ description: 'Two decimals, cut off' }),
  grade: oneOf(['A', 'B', 'C'], 'A from 90, B from 80; the mean is not rounded'),
});

/** What the platform measured of the month, beside what people rate. */
export const Figures = Type.Object({
  timeliness: nullable(
    Type.Object({ on_time: Type.Integer(), late: Type.Integer(), pending: Type.Integer(), rate: Rate }),
  ),
  inspection: nullable(
    Type.Object({
      in_time: Type.Integer(),
      later: Type.Integer(),
      missed: Type.Integer(),
      pending: Type.Integer(),
      rate: Rate,
    }),
  ),
  recurrence: nullable(Type.Object({ count: Type.Integer(), within_days: Type.Integer() })),
  documents: nullable(
    Type.Object({
      on_time: Type.Integer(),
      late: Type.Integer(),
      missing: Type.Integer(),
      pending: Type.Integer(),
      rate: Rate,
    }),
  ),
  complaints: nullable(Type.Object({ serious: Type.Integer(), ordinary: Type.Integer(), disputed: Type.Integer() })),
});

const summary = {
  id: Id,
  contract: ContractRef,
  month: Month,
  state: oneOf(SHEET_STATES, 'agreed: frozen'),
  round: Type.Integer({ description: 'How often it was proposed' }),
  mean: Mean,
  proposed: Type.Object({ at: Instant, user: Person, org: Org }),
  agreed: nullable(Type.Object({ at: Instant, user: Person, org: Org })),
  version: Type.Integer(),
  actions: Type.Array(oneOf(SHEET_ACTIONS)),
};
export const RatingSheet = Type.Object(summary);
export const SheetPage = Page(RatingSheet);
export const SheetDetail = Type.Object({
  ...summary,
  items: Type.Array(Type.Object({ id: ItemId, name: Words, score: Score, note: NullableString })),
  note: NullableString,
  remark: nullable(Type.Object({ text: Type.String(), at: Instant, user: Person })),
  figures: Type.Union([Figures, Type.Null()], {
    description: 'As they are now; of an agreed sheet, as they were then',
  }),
});
export const SheetQuery = Query({
  ...pageQuery,
  contract: Type.Optional(Id),
  state: Type.Optional(oneOf(SHEET_STATES)),
  year: Type.Optional(Type.Integer({ minimum: 1990, maximum: 2199 })),
});
export const DraftQuery = Query({ contract: Id, month: Month });
export const SheetDraft = Type.Object({
  contract: ContractRef,
  month: Month,
  items: Type.Array(Item),
  figures: Figures,
  sheet_id: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'The sheet that the month has already',
  }),
});
const scores = Type.Array(
  Type.Object({ id: ItemId, score: Score, note: Type.Optional(text(500)) }, { additionalProperties: false }),
  { minItems: 1, maxItems: 100 },
);
export const NewSheet = Body({ contract_id: Id, month: Month, items: scores, note: Type.Optional(text(2000)) });
export const ProposeBody = Body({ items: scores, note: Type.Optional(text(2000)), version: Version });
export const RemarkBody = Body({ remark: text(2000), version: Version });
export const AgreeBody = Body({ version: Version });
export const SchemeQuery = Query({ contract: Id });
export const Scheme = Type.Object({
  contract_id: Id,
  items: Type.Array(Item),
  built_in: Type.Boolean({ description: 'The contract has no items of its own: those of R-QH-4 are taken' }),
});
export const SchemeBody = Body({ contract_id: Id, items: Type.Array(Item, { minItems: 1, maxItems: 100 }) });

export type RatingSheet = Static<typeof RatingSheet>;
export type SheetDetail = Static<typeof SheetDetail>;
export type SheetQuery = Static<typeof SheetQuery>;
export type SheetDraft = Static<typeof SheetDraft>;
export type Figures = Static<typeof Figures>;
export type NewSheet = Static<typeof NewSheet>;
export type ProposeBody = Static<typeof ProposeBody>;
export type Scheme = Static<typeof Scheme>;
