import { type Static, Type } from 'typebox';
import { Body, oneOf, Query, text } from '../../http/schemas.ts';
import { Day } from '../contracts/schemas.ts';

export const DAY_KINDS = ['holiday', 'workday'] as const;

export const CalendarDay = Type.Object({
  day: Day,
  kind: oneOf(DAY_KINDS, 'workday: a weekend day on which people work to make up for a holiday'),
  name: Type.String(),
  source: Type.String({ description: 'manual, or the data set that it came from' }),
});

export const CalendarDayQuery = Query({ year: Type.Integer({ minimum: 1990, maximum: 2199 }) });
export const CalendarDayList = Type.Object({
  items: Type.Array(CalendarDay),
  years: Type.Array(Type.Integer(), { description: 'Years that have any entry: of another year nothing is known yet' }),
});
export const CalendarDayParams = Type.Object({ day: Day });
export const CalendarDayInput = Body({ kind: oneOf(DAY_KINDS), name: text(60) });

export type CalendarDay = Static<typeof CalendarDay>;
export type CalendarDayInput = Static<typeof CalendarDayInput>;
