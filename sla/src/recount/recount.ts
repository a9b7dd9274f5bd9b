import { type Installation, RECOVERY_MS, type Tally } from '../availability/types.ts';
import { insideOf } from './cursor.ts';
import { type Bucket, type RawDevice, type Witness, witness } from './device.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

/** Everything that the figures of one station rest on. Lists in any order, with repetitions and overlaps. */
export interface RecountInput {
  readonly devices: readonly RawDevice[];
  readonly installations: readonly Installation[];
  /** When the platform was out. */
  readonly outages: readonly Span[];
  readonly term: Span;
  /** Null: never commissioned. */
  readonly commissioned: Span | null;
  readonly suspensions: readonly Span[];
  readonly serviceHours: readonly Span[];
  /** Approved exclusions that cover the station. */
  readonly excluded: { readonly network: readonly Span[]; readonly equipment: readonly Span[] };
}

export interface Recount {
  readonly network: Tally;
  readonly equipment: Tally;
}

/** The five numbers of a station in a window; see {@link recountEach}. */
export function recount(input: RecountInput & { readonly window: Span }): Recount {
  const [only] = recountEach(input, [input.window]);
  if (only === undefined) throw new RangeError('no window');
  return only;
}

/**
 * The five numbers of a station for each of the windows, which must be in order and not overlap: one sweep over all instants at
 * which anything may change, each judged on its own by the raw records. It shares neither code nor method with the timelines, so
 * that two mistakes would have to agree for a wrong figure to pass.
 */
export function recountEach(input: RecountInput, windows: readonly Span[]): Recount[] {
  const results = windows.map(() => ({ network: emptyTally(), equipment: emptyTally() }));
  const sweep = stationSweep(input);
  const instants = turningPoints(input, windows);
  let w = 0;
  for (let i = 0; i + 1 < instants.length; i++) {
    const from = instants[i] ?? 0;
    while (w < windows.length && (windows[w]?.to ?? 0) <= from) w++;
    const result = results[w];
    if (result === undefined) break;
    if (from < (windows[w]?.from ?? 0)) continue;
    const verdict = sweep(from);
    if (verdict === null) continue;
    const length = (instants[i + 1] ?? from) - from;
    for (const dimension of ['network', 'equipment'] as const) {
      result[dimension].required += length;
      result[dimension][verdict[dimension]] += length;
    }
  }
  return results;
}

type Sums = { -readonly [Key in keyof Tally]: number };
const emptyTally = (): Sums => ({ required: 0, up: 0, down: 0, unknown: 0, platform: 0, excluded: 0 });

interface Verdict {
  readonly network: Bucket | 'excluded';
  readonly equipment: Bucket | 'excluded';
}

/** The station as a function of a growing instant; null where nothing is required of it. */
function stationSweep(input: RecountInput): (instant: number) => Verdict | null {
  const required = requirement(input);
  const witnesses = new Map<number, Witness>();
  for (const device of input.devices) witnesses.set(device.deviceKey, witness(device, input.outages));
  const excluded = { network: insideOf(input.excluded.network), equipment: insideOf(input.excluded.equipment) };
  return (instant) => {
    if (!required(instant)) return null;
    const key = holder(input.installations, instant);
    const device = key === null ? null : witnesses.get(key);
    if (device === undefined) throw new RangeError(`no records given of device ${key}`);
    const judge = (dimension: 'network' | 'equipment') => {
      if (excluded[dimension](instant)) return 'excluded';
      return device === null ? 'down' : device[dimension](instant);
    };
    return { network: judge('network'), equipment: judge('equipment') };
  };
}

function requirement({ term, commissioned, suspensions, serviceHours }: RecountInput): (instant: number) => boolean {
  const [inTerm, inService] = [insideOf([term]), insideOf(serviceHours)];
  const ready = insideOf(commissioned === null ? [] : [commissioned]);
  const suspended = insideOf(suspensions);
  return (instant) => inTerm(instant) && ready(instant) && inService(instant) && !suspended(instant);
}

/** The device that stood there: of several, the one that came last. */
function holder(installations: readonly Installation[], instant: number): number | null {
  let found: Installation | null = null;
  for (const each of installations) {
    if (each.from > instant || each.to <= instant) continue;
    if (found === null || each.from > found.from) found = each;
    else if (each.from === found.from && each.deviceKey > found.deviceKey) found = each;
  }
  return found === null ? null : found.deviceKey;
}

/** Every instant inside the windows at which a verdict may change, in order, each once. */
function turningPoints(input: RecountInput, windows: readonly Span[]): Float64Array {
  const [lower, upper] = [windows[0]?.from ?? 0, windows.at(-1)?.to ?? 0];
  const points: number[] = [];
  const add = (instant: number) => {
    if (instant >= lower && instant <= upper) points.push(instant);
  };
  const spans = [
    ...windows,
    ...input.installations,
    ...input.outages,
    ...input.suspensions,
    ...input.serviceHours,
    ...input.excluded.network,
    ...input.excluded.equipment,
    input.term,
    ...(input.commissioned === null ? [] : [input.commissioned]),
  ];
  for (const { from, to } of spans) {
    add(from);
    add(to);
  }
  for (const { to } of input.outages) add(to + RECOVERY_MS);
  for (const { beats, cleanEnds, reports, requirements } of input.devices) {
    for (const { at, livenessMs } of beats) {
      add(at);
      add(at + livenessMs);
    }
    for (const end of cleanEnds) add(end);
    for (const { at } of reports) add(at);
    for (const { from } of requirements) add(from);
  }
  return Float64Array.from(points)
    .sort()
    .filter((instant, i, all) => instant !== all[i - 1]);
}
