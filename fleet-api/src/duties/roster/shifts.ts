import { addDays, type Day } from '@uptally/sla';

/** A shift as planned: local times of the contract's zone; one that does not end after it begins ends on the next day. */
export interface ShiftTimes {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

export const WHOLE_DAY: ShiftTimes = { name: '', from: '00:00', to: '24:00' };

export interface HolidayDay {
  readonly day: Day;
  readonly kind: 'holiday' | 'workday';
  readonly name: string;
}

export interface RosterDay {
  readonly day: Day;
  /** Of the holiday. */
  readonly name: string;
}

/**
 * Days of `[fromDay, toDay)` that need somebody on duty: those of public holidays (R-ZJ-3). Make-up workdays are worked as any other.
 */
export function holidaysBetween(calendar: readonly HolidayDay[], fromDay: Day, toDay: Day): RosterDay[] {
  return calendar
    .filter(({ day, kind }) => kind === 'holiday' && fromDay <= day && day < toDay)
    .map(({ day, name }) => ({ day, name }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** Minutes from midnight; 24:00 is 1440. */
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/** `[from, to)` of a shift in minutes of its day; beyond 1440 is the next day. */
function spanOf({ from, to }: Pick<ShiftTimes, 'from' | 'to'>): [number, number] {
  const [a, b] = [minutes(from), minutes(to)];
  return [a, b > a ? b : b + 1440];
}

export interface PlannedShift {
  readonly day: Day;
  readonly from: string;
  readonly to: string;
  /** Somebody stands in it. */
  readonly manned: boolean;
}

/** Minutes of a day that nobody covers, also from a night shift of the day before, as `[from, to)` in `HH:MM`. */
export function gapsOf(day: Day, shifts: readonly PlannedShift[]): { readonly from: string; readonly to: string }[] {
  const before = addDays(day, -1);
  const covered = shifts
    .filter((shift) => shift.manned && (shift.day === day || shift.day === before))
    .map((shift): [number, number] => {
      const [from, to] = spanOf(shift);
      return shift.day === day ? [from, Math.min(to, 1440)] : [from - 1440, to - 1440];
    })
    .sort((a, b) => a[0] - b[0]);
  const gaps: { from: string; to: string }[] = [];
  let at = 0;
  for (const [from, to] of covered) {
    if (from > at) gaps.push({ from: clock(at), to: clock(from) });
    at = Math.max(at, to);
  }
  if (at < 1440) gaps.push({ from: clock(at), to: '24:00' });
  return gaps;
}

function clock(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

/** True if a shift of `day` holds the moment `now` (`day` and `HH:MM` in the same zone). */
export function isNow(
  shift: ShiftTimes & { readonly day: Day },
  now: { readonly day: Day; readonly time: string },
): boolean {
  const [from, to] = spanOf(shift);
  const offset = now.day === shift.day ? 0 : now.day === addDays(shift.day, 1) ? 1440 : Number.NaN;
  const at = minutes(now.time) + offset;
  return from <= at && at < to;
}
