const DAY_MS = 86_400_000;

/** What tells whether a fault is the same again. */
export interface PlacedFault {
  /** Where: a station, or whatever the contract calls the same place. */
  readonly place: string;
  /** What: the cause or component by which two faults are the same. */
  readonly cause: string;
  readonly openedAt: number;
  /** When it was gone; null while it is open. */
  readonly endedAt: number | null;
}

/** A fault that came back, and the one that it repeats. */
export interface Recurrence<Fault extends PlacedFault> {
  readonly fault: Fault;
  readonly previous: Fault;
}

/**
 * The same fault again at the same place (R-ZJ-1): opened within `withinDays` times 24 hours after an earlier one had ended. It
 * repeats the one that ended last before it; one that was still open then is not repeated, but the same fault. Leave cancelled faults
 * out, but give those of `withinDays` before a period along with the period's. In order of opening, whatever that of `faults`.
 */
export function recurrences<Fault extends PlacedFault>(
  faults: Iterable<Fault>,
  withinDays: number,
): readonly Recurrence<Fault>[] {
  const same = new Map<string, Fault[]>();
  for (const fault of [...faults].sort(byOpening)) {
    const key = JSON.stringify([fault.place, fault.cause]);
    const others = same.get(key);
    if (others === undefined) same.set(key, [fault]);
    else others.push(fault);
  }
  return [...same.values()]
    .flatMap((each) => repeatsIn(each, withinDays * DAY_MS))
    .sort((a, b) => byOpening(a.fault, b.fault));
}

/** Repeats among faults of one place and cause, in order of opening. */
function repeatsIn<Fault extends PlacedFault>(faults: readonly Fault[], withinMs: number): Recurrence<Fault>[] {
  const ended = faults.filter(isEnded).sort((a, b) => a.endedAt - b.endedAt || byOpening(a, b));
  const found: Recurrence<Fault>[] = [];
  let before = 0;
  for (const fault of faults) {
    for (let next = ended[before]; next !== undefined && precedes(next, fault); next = ended[before]) before++;
    const previous = ended[before - 1];
    if (previous !== undefined && fault.openedAt - previous.endedAt <= withinMs) found.push({ fault, previous });
  }
  return found;
}

type Ended<Fault> = Fault & { readonly endedAt: number };
const isEnded = <Fault extends PlacedFault>(fault: Fault): fault is Ended<Fault> => fault.endedAt !== null;

/** Over when the other opened; of two that opened at one instant neither repeats the other. */
const precedes = (a: Ended<PlacedFault>, b: PlacedFault) => a.endedAt <= b.openedAt && a.openedAt < b.openedAt;

const byOpening = (a: PlacedFault, b: PlacedFault) => a.openedAt - b.openedAt;
