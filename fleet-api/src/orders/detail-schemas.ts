import { type Static, Type } from 'typebox';
import { FileRow } from '../files/index.ts';
import {
  Body,
  Id,
  Instant,
  InstantInput,
  NullableString,
  nullable,
  nullableOneOf,
  oneOf,
  text,
} from '../http/schemas.ts';
import {
  CAUSE_KINDS,
  Confirmation,
  Entry,
  ORDER_ACTIONS,
  Order,
  OrderFault,
  Part,
  Pause,
  WARRANTIES,
} from './schemas.ts';

const MAX_FEN = 100_000_000_00;
const Fen = Type.Integer({ minimum: 0, maximum: MAX_FEN, description: 'Fen' });

/** An order with all that people told of it. */
export const OrderDetail = Type.Object({
  ...Order.properties,
  address: NullableString,
  contact: nullable(Type.Object({ name: NullableString, phone: NullableString })),
  faults: Type.Array(OrderFault, { description: 'Those that are open first; at most 100' }),
  story: Type.Array(Entry, { description: 'Oldest first' }),
  pauses: Type.Array(Pause),
  files: Type.Array(FileRow),
  parts: Type.Array(Part),
  labour_fen: Fen,
  logistics_fen: Fen,
  parts_fen: Fen,
  warranty: nullableOneOf(WARRANTIES),
  cause_kind: nullableOneOf(CAUSE_KINDS),
  cause_analysis: NullableString,
  advice: NullableString,
  confirmation: nullable(Confirmation),
  severities: Type.Array(Type.String(), { description: "Of the contract's terms, from ordinary to grave" }),
  recovered_at: Type.Unsafe<Date | string | null>({
    type: ['string', 'null'],
    format: 'date-time',
    description: "Telemetry's word that the last of its faults is gone",
  }),
  actions: Type.Array(oneOf(ORDER_ACTIONS), { description: 'What the caller may do with it now' }),
});
export type OrderDetail = Static<typeof OrderDetail>;

const at = Type.Optional(
  Type.String({
    format: 'date-time',
    maxLength: 40,
    description: 'When it happened; left out: now. Not in the future, not before the fault or the step before',
  }),
);
const note = Type.Optional(text(2000, { minLength: 0 }));
export const StepBody = Body({
  step: oneOf(['acknowledge', 'set_out', 'arrive', 'restore', 'repair']),
  at,
  note,
  fault_ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: 1000, description: 'Left out: all of the order' })),
});
export type StepBody = Static<typeof StepBody>;
export const AssignBody = Body({ user_id: Id, at, note });
export type AssignBody = Static<typeof AssignBody>;
export const NoteBody = Body({ note: text(2000) });
export type NoteBody = Static<typeof NoteBody>;
export const CloseBody = Body({
  cause_kind: oneOf(CAUSE_KINDS),
  cause_analysis: text(4000, { minLength: 0 }),
  advice: text(4000, { minLength: 0 }),
  warranty: Type.Optional(oneOf(WARRANTIES)),
});
export type CloseBody = Static<typeof CloseBody>;
export const EditBody = Body({
  title: Type.Optional(text(120, { minLength: 0 })),
  labour_fen: Type.Optional(Fen),
  logistics_fen: Type.Optional(Fen),
  warranty: Type.Optional(oneOf(WARRANTIES)),
});
export type EditBody = Static<typeof EditBody>;
export const PartBody = Body({
  name: text(120),
  qty: Type.Integer({ minimum: 1, maximum: 9999 }),
  unit_fen: Type.Integer({ minimum: 0, maximum: 100_000_000 }),
  serial: Type.Optional(text(80)),
});
export type PartBody = Static<typeof PartBody>;

export const PauseBody = Body({
  from: InstantInput,
  to: Type.Optional(InstantInput),
  reason: text(2000),
});
export type PauseBody = Static<typeof PauseBody>;
export const DecideBody = Body({ note });
export const EndBody = Body({ at });

/** A PNG as base64, small enough for a drawn signature. */
export const Signature = Type.String({
  maxLength: 400_000,
  pattern: '^[A-Za-z0-9+/]+={0,2}$',
  description: 'PNG, base64',
});
export const ConfirmBody = Body({
  name: text(60),
  phone: Type.Optional(text(30)),
  note,
  at,
  signature: Signature,
});
export type ConfirmBody = Static<typeof ConfirmBody>;
export const ConfirmForSiteBody = Body({ name: text(60), phone: Type.Optional(text(30)), note: text(2000) });
export type ConfirmForSiteBody = Static<typeof ConfirmForSiteBody>;
export const ConfirmationLink = Type.Object({
  path: Type.String({ description: 'Path of the page that the site opens, with its token' }),
  expires_at: Instant,
  qr_svg: Type.String({ description: 'The address as a picture, for the phone of the site' }),
});
/** Who may be given an order. */
export const OrderPeople = Type.Object({
  items: Type.Array(
    Type.Object({ id: Id, name: Type.String(), open: Type.Integer({ description: 'Open orders that they have' }) }),
  ),
});
export const SiteConfirmBody = Body({ name: text(60), phone: Type.Optional(text(30)), note, signature: Signature });
export type SiteConfirmBody = Static<typeof SiteConfirmBody>;
/** What a site gets to see before it confirms: nothing about people but who came. */
export const SiteConfirmation = Type.Object({
  number: Type.String(),
  site: NullableString,
  station: NullableString,
  cause: Type.String(),
  reason: NullableString,
  engineer: NullableString,
  org: NullableString,
  opened_at: Instant,
  ended_at: Instant,
  state: oneOf(['open', 'done']),
});
export type SiteConfirmation = Static<typeof SiteConfirmation>;
