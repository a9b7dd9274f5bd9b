import type { Calendar } from '../calendar/service.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

const DAY_MS = 86_400_000;
const NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/**
 * Service hours that may bear on the window, worked out a second time: from the zone's offsets as `Intl` tells them instead of a
 * calendar library. Not clipped to the window.
 */
export function recountHours(
  calendar: Calendar,
  timeZone: string,
  days: { readonly holidays: Iterable<string>; readonly workdays: Iterable<string> },
  window: Span,
): Span[] {
  if (calendar.kind === 'always') return [{ from: window.from, to: window.to }];
  const [holidays, workdays] = [new Set(days.holidays), new Set(days.workdays)];
  const offset = offsetReader(timeZone);
  const spans: Span[] = [];
  for (let midnight = startOfUtcDay(window.from) - DAY_MS; midnight < window.to + DAY_MS; midnight += DAY_MS) {
    const date = new Date(midnight);
    const day = date.toISOString().slice(0, 10);
    let name: (typeof NAMES)[number] = NAMES[date.getUTCDay()] ?? 'sun';
    if (calendar.holidays && workdays.has(day)) name = 'mon';
    else if (calendar.holidays && holidays.has(day)) continue;
    for (const { from, to } of calendar.hours[name]) {
      spans.push({
        from: instantOf(midnight + minutesOf(from) * 60_000, offset),
        to: instantOf(midnight + minutesOf(to) * 60_000, offset),
      });
    }
  }
  return spans;
}

const startOfUtcDay = (instant: number) => Math.floor(instant / DAY_MS) * DAY_MS;

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/**
 * The instant at which clocks show a wall time, given as if it were UTC. Of two the earlier; where the clocks leapt over it, the
 * offset from before the leap still counts, which moves it forward.
 */
function instantOf(wall: number, offset: (instant: number) => number): number {
  const [earlier, later] = [offset(wall - DAY_MS), offset(wall + DAY_MS)];
  const hits = [wall - earlier, wall - later].filter((instant) => instant + offset(instant) === wall);
  return hits.length > 0 ? Math.min(...hits) : wall - earlier;
}

/** What the zone's clocks are ahead of UTC at an instant, ms. */
function offsetReader(timeZone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (instant) => {
    const parts: Record<string, number> = {};
    for (const { type, value } of format.formatToParts(instant)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
  };
}
