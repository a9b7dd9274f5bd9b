import { daysIn, type Period, parsePeriod, periodAround, withKind } from '../../availability/period.ts';
import { dayIn, instantIn } from '../../format/zones.ts';
import type { Stretch } from './pieces.ts';

/** A timeline has this many days at most. */
const MOST_DAYS = 92;

/** The period that an address names, the running month without one. Of what is longer than a timeline, the latest quarter of it. */
export function shownPeriod(text: unknown, zone: string, nowMs: number): Period {
  const today = dayIn(zone, nowMs);
  const named = typeof text === 'string' ? parsePeriod(text) : null;
  const period = named ?? periodAround('month', today);
  return daysIn(period) > MOST_DAYS ? withKind(period, 'quarter', today) : period;
}

export function periodStretch(period: Period, zone: string): Stretch {
  return { fromMs: instantIn(zone, period.fromDay), toMs: instantIn(zone, period.toDay) };
}
