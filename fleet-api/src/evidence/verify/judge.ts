import {
  dayBounds,
  daysOf,
  EMPTY_TALLY,
  type Interval,
  type RecountInput,
  recountEach,
  recountHours,
  type Tally,
} from '@uptally/sla';
import type { ContractCase, DayFigures, DeviceCase, FiveNumbers, PeriodCase, StationCase } from '../case/types.ts';

/** The journal of a platform that is alive may be this far behind, ms. */
const JOURNAL_LAG_MS = 15_000;
/** As far as anything may reach that has no end yet. */
const FOREVER_MS = 8_640_000_000_000_000;

/**
 * Judges a station again from the records, by sla's recount: a second computation that shares neither code nor method with the one
 * that keeps the figures. A day is judged as far as `computedTo` says for it, else as far as
 * the moment of reading. Days on which nothing is required come out as zeros.
 */
export function judgeStation(
  contract: ContractCase,
  period: PeriodCase,
  station: StationCase,
  devices: readonly DeviceCase[],
  computedTo: ReadonlyMap<string, number> = new Map(),
): DayFigures[] {
  const windows = daysOf(contract.timeZone, period).map((day) => {
    const { from, to } = dayBounds(contract.timeZone, day);
    return { day, from, to: Math.max(from, Math.min(to, computedTo.get(day) ?? contract.asOf)) };
  });
  const tallies = recountEach(inputOf(contract, period, station, devices), windows);
  return windows.map(({ day, to }, i) => {
    const { network, equipment } = tallies[i] ?? { network: undefined, equipment: undefined };
    return {
      day,
      computedTo: to,
      required: network?.required ?? 0,
      network: fiveOf(network),
      equipment: fiveOf(equipment),
    };
  });
}

function inputOf(
  contract: ContractCase,
  period: PeriodCase,
  station: StationCase,
  devices: readonly DeviceCase[],
): RecountInput {
  const open = <T extends { readonly from: number; readonly to: number | null }>(span: T) => ({
    ...span,
    to: span.to ?? FOREVER_MS,
  });
  const { commissionedAt, decommissionedAt } = station;
  return {
    devices,
    installations: station.installations.map(open),
    outages: outagesOf(contract),
    term: termOf(contract),
    commissioned: commissionedAt === null ? null : { from: commissionedAt, to: decommissionedAt ?? FOREVER_MS },
    suspensions: station.suspensions.map(open),
    serviceHours: recountHours(contract.calendar, contract.timeZone, contract, period),
    excluded: {
      network: excluding(contract, station, 'network'),
      equipment: excluding(contract, station, 'equipment'),
    },
  };
}

function termOf({ termFrom, termTo, timeZone }: ContractCase): Interval {
  return {
    from: dayBounds(timeZone, termFrom).from,
    to: termTo === null ? FOREVER_MS : dayBounds(timeZone, termTo).from,
  };
}

/** What lies before, between and after the spans in which the platform was able to receive. */
function outagesOf({ platformSpans: spans, asOf }: ContractCase): Interval[] {
  const outages: Interval[] = [];
  let from = -FOREVER_MS;
  for (const span of [...spans].sort((a, b) => a.from - b.from)) {
    if (span.from > from) outages.push({ from, to: span.from });
    from = Math.max(from, span.to);
  }
  if (asOf - from > JOURNAL_LAG_MS) outages.push({ from, to: asOf });
  return outages;
}

function excluding(contract: ContractCase, station: StationCase, dimension: 'network' | 'equipment'): Interval[] {
  const places = { station: [station.id], site: [station.site.id], region: station.regions.map(({ id }) => id) };
  return contract.exclusions.filter(
    (each) =>
      (each.dimension === 'both' || each.dimension === dimension) && places[each.target.kind].includes(each.target.id),
  );
}

function fiveOf(tally: Tally | undefined): FiveNumbers {
  const { up, down, unknown, platform, excluded } = tally ?? EMPTY_TALLY;
  return { up, down, unknown, platform, excluded };
}
