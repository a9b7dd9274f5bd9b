import { type Static, Type } from 'typebox';
import { Body, Id, NullableString, nullable, Query, text } from '../../http/schemas.ts';
import { ContractRef, Day, Person, Version } from '../schemas.ts';

const Time = Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' });
const EndTime = Type.String({
  pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$',
  description: 'Not after the begin: on the next day',
});

export const Shift = Type.Object({
  id: Id,
  contract: ContractRef,
  day: Day,
  from: Time,
  to: EndTime,
  name: Type.String({ description: 'Of the shift; may be empty' }),
  user: Person,
  /** Of the user, or as typed. */
  person_name: NullableString,
  person_phone: NullableString,
  note: NullableString,
  version: Type.Integer(),
});
const Gap = Type.Object({ from: Type.String(), to: Type.String() });

export const RosterQuery = Query({ contract: Id, from: Day, to: Day });
export const Roster = Type.Object({
  contract: ContractRef,
  days: Type.Array(
    Type.Object({
      day: Day,
      holiday: Type.Union([Type.String(), Type.Null()], { description: 'Name of the public holiday' }),
      shifts: Type.Array(Shift),
      gaps: Type.Array(Gap, { description: 'Local times that nobody covers; of holidays only' }),
    }),
    { description: 'Holidays, and days with a shift' },
  ),
  unknown_years: Type.Array(Type.Integer(), {
    description: 'Years without any entry in the calendar: their holidays are not known',
  }),
  may_write: Type.Boolean(),
});
export const OnDuty = Type.Object({ items: Type.Array(Shift), day: Day });

const person = {
  user_id: Type.Optional(nullable(Id)),
  person_name: Type.Optional(nullable(text(60))),
  person_phone: Type.Optional(nullable(text(40))),
  note: Type.Optional(nullable(text(300))),
};
export const NewShift = Body({
  contract_id: Id,
  day: Day,
  from: Time,
  to: EndTime,
  name: Type.Optional(text(30)),
  ...person,
});
export const ShiftPatch = Body({
  from: Type.Optional(Time),
  to: Type.Optional(EndTime),
  name: Type.Optional(Type.String({ maxLength: 30 })),
  ...person,
  version: Version,
});
export const SkeletonBody = Body({
  contract_id: Id,
  from: Day,
  to: Day,
  shifts: Type.Optional(
    Type.Array(
      Type.Object({ name: text(30, { minLength: 0 }), from: Time, to: EndTime }, { additionalProperties: false }),
      { minItems: 1, maxItems: 6, description: 'Of each day; default: one around the clock' },
    ),
  ),
});
export const SkeletonDone = Type.Object({
  made: Type.Integer(),
  days: Type.Integer({ description: 'Holidays of the period' }),
});

export type Shift = Static<typeof Shift>;
export type Roster = Static<typeof Roster>;
export type NewShift = Static<typeof NewShift>;
export type ShiftPatch = Static<typeof ShiftPatch>;
export type SkeletonBody = Static<typeof SkeletonBody>;
