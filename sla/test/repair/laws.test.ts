import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type CaseEvent,
  caseLog,
  contains,
  duration,
  intersect,
  merge,
  NO_DAYS,
  parseCalendar,
  parseRepairTargets,
  REPAIR_STAGES,
  type RepairStage,
  repairClocks,
  repairTerms,
  serviceHours,
  subtract,
  withEvent,
} from '../../src/index.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { type Counters, walk } from './stepwise.ts';

/** Berlin, the weekend on which clocks go forward; all on a grid of half an hour, so that instants often coincide. */
const ZONE = 'Europe/Berlin';
const STEP = 30 * MINUTE;
const START = Date.parse('2026-03-27T00:00:00+01:00');
const SPAN = 5 * 48;
const WINDOW = { from: START, to: START + SPAN * STEP };
const day = [
  { from: '01:30', to: '03:30' },
  { from: '08:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
];
const calendars = {
  always: { kind: 'always' },
  office: { kind: 'weekly', hours: { fri: day, sun: day, mon: day, tue: day } },
};
const hours = {
  always: merge([WINDOW]),
  office: serviceHours(parseCalendar(calendars.office), ZONE, NO_DAYS, WINDOW),
};
const open = {
  always: () => true,
  office: (instant: number) => contains(hours.office, instant),
};

const LIMITS = {
  ordinary: { calendar: 'office', limitMs: 9 * HOUR },
  major: { calendar: 'always', limitMs: 7.5 * HOUR },
} as const;
const severities = Object.fromEntries(
  Object.entries(LIMITS).map(([name, limit]) => [
    name,
    Object.fromEntries(REPAIR_STAGES.map((stage) => [stage, limit])),
  ]),
);
const terms = repairTerms(parseRepairTargets({ calendars, severities, warnAtPercent: [50, 100] }), ZONE, NO_DAYS);

const instant = fc.integer({ min: 0, max: SPAN }).map((n) => START + n * STEP);
const span = fc
  .tuple(instant, fc.option(fc.integer({ min: 1, max: 40 })))
  .map(([from, steps]) => ({ from, to: steps === null ? null : from + steps * STEP }));
const name = fc.constantFrom('p', 'q', 'r');
const org = fc.constantFrom('contractor', 'agency');
const severity = fc.constantFrom('ordinary' as const, 'major' as const);

type Bare = Record<string, unknown>;
const bare = fc.oneof(
  fc
    .constantFrom('responded', 'arrived', 'temporarily_restored', 'repaired', 'recovered', 'confirmed')
    .map((kind): Bare => ({ kind })),
  fc
    .constantFrom('reopened', 'reopened', 'cancelled', 'opened')
    .map((kind): Bare => ({ kind, contract: 'c', severity: 'major' })),
  severity.map((to): Bare => ({ kind: 'severity_changed', severity: to })),
  fc
    .tuple(name, org, span)
    .map(([pause, by, of]): Bare => ({ kind: 'pause_proposed', pause, org: by, reason: 'others', ...of })),
  fc.tuple(name, org).map(([pause, by]): Bare => ({ kind: 'pause_approved', pause, org: by })),
  fc.tuple(name, org, span).map(([pause, by, of]): Bare => ({ kind: 'pause_approved', pause, org: by, span: of })),
  fc.tuple(name, org).map(([pause, by]): Bare => ({ kind: 'pause_rejected', pause, org: by })),
  name.map((pause): Bare => ({ kind: 'pause_ended', pause })),
);

/** Pauses that both sides agreed on, so that most histories have some; they may begin before the fault. */
const agreedPauses = fc.array(fc.tuple(span, instant, instant), { maxLength: 3 }).map((pauses) =>
  pauses.flatMap(([of, proposedAt, approvedAt], i): (readonly [number, Bare])[] => [
    [proposedAt, { kind: 'pause_proposed', pause: `agreed ${i}`, org: 'contractor', reason: 'others', ...of }],
    [approvedAt, { kind: 'pause_approved', pause: `agreed ${i}`, org: 'agency' }],
  ]),
);

/** A history: opened on the first day, then whatever; some events at one instant. */
const history = fc
  .tuple(fc.integer({ min: 0, max: 48 }), severity, fc.array(fc.tuple(instant, bare), { maxLength: 12 }), agreedPauses)
  .map(([n, of, rest, pauses]) => {
    const first = { kind: 'opened', at: START + n * STEP, seq: 0, contract: 'c', severity: of };
    const others = [...rest, ...pauses].map(([at, event], i) => ({ ...event, at, seq: i + 1 }));
    return [first, ...others] as unknown as CaseEvent[];
  });
const now = fc.integer({ min: 48, max: SPAN }).map((n) => START + n * STEP);
const stage = fc.constantFrom(...REPAIR_STAGES);

const law = <T extends [unknown, ...unknown[]]>(property: fc.IPropertyWithHooks<T>, numRuns = 300) =>
  fc.assert(property, { numRuns });
const readAt = (events: readonly CaseEvent[], at: number) => repairClocks(caseLog(events), () => terms, at);

/** A stage's clock as the stop-watch has it. */
function expected({ elapsedMs, stoppedAt, completed, severity: of }: Counters, at: number) {
  const { calendar, limitMs } = LIMITS[of as keyof typeof LIMITS];
  const usedUpAt = completed[calendar]?.[limitMs / STEP - 1] ?? Number.POSITIVE_INFINITY;
  const isLate = (stoppedAt ?? at) > usedUpAt;
  return {
    ...(Number.isFinite(usedUpAt) ? { dueAt: usedUpAt } : {}),
    state: isLate ? 'breached' : stoppedAt === null ? 'running' : 'met',
    limitMs, stoppedAt, elapsedMs: elapsedMs[calendar] ?? 0, leftMs: limitMs - (elapsedMs[calendar] ?? 0),
  }; // biome-ignore format: one glance
}

test('read at once from the log they are what a stop-watch says that goes through it step by step', () =>
  law(
    fc.property(history, now, stage, (events, at, which) => {
      const clocks = readAt(events, at);
      fc.pre(clocks.status !== 'cancelled');
      const counters = walk(which, events, { stepMs: STEP, now: at, open });
      expect(clocks.stages[which]).toMatchObject(expected(counters, at));
    }),
    600,
  ));

test('the due instant is the inverse of elapsed: an open clock read there has used its limit up, and not before', () =>
  law(
    fc.property(history, now, (events, at) => {
      for (const clock of Object.values(readAt(events, at).stages)) {
        if (!('dueAt' in clock) || clock.dueAt === null || clock.stoppedAt !== null || clock.dueAt < at) continue;
        const { dueAt, stage: which } = clock;
        const known = events.filter((event) => event.at <= at);
        expect(readAt(known, dueAt).stages[which]).toMatchObject({ state: 'running', leftMs: 0 });
        expect(readAt(known, dueAt + 1).stages[which]).toMatchObject({ state: 'breached' });
        if (dueAt > at) expect(readAt(known, dueAt - 1).stages[which]).toMatchObject({ leftMs: 1 });
        expect(clock.marks.at(-1)).toEqual({ percent: 100, at: dueAt });
      }
    }),
  ));

test('elapsed working time is additive over splits', () =>
  law(
    fc.property(history, fc.uniqueArray(now, { minLength: 2, maxLength: 2 }), (events, instants) => {
      const [early, late] = instants.toSorted((a, b) => a - b) as [number, number];
      const known = events.filter(({ at }) => at <= early);
      const [before, after] = [readAt(known, early), readAt(known, late)];
      const calendar = LIMITS[before.severity as keyof typeof LIMITS].calendar;
      const between = duration(subtract(intersect(hours[calendar], merge([{ from: early, to: late }])), before.pauses));
      for (const which of REPAIR_STAGES) {
        const [a, b] = [before.stages[which], after.stages[which]];
        if (!('elapsedMs' in a && 'elapsedMs' in b)) continue;
        expect(b.elapsedMs - a.elapsedMs).toBe(a.stoppedAt === null ? between : 0);
      }
    }),
  ));

test('pauses never count twice: cut up, doubled and overlapping they take off what their union does', () =>
  law(
    fc.property(
      fc.array(fc.tuple(instant, fc.integer({ min: 1, max: 40 })), { maxLength: 8 }),
      now,
      severity,
      (spans, at, of) => {
        const start: CaseEvent = { kind: 'opened', at: START, seq: 0, contract: 'c', severity: of };
        const pauses = spans.flatMap(([from, steps], i): CaseEvent[] => [
          {
            kind: 'pause_proposed',
            at: START,
            seq: 2 * i + 1,
            pause: `${i}`,
            org: 'a',
            reason: 'x',
            from,
            to: from + steps * STEP,
          },
          { kind: 'pause_approved', at: START, seq: 2 * i + 2, pause: `${i}`, org: 'b' },
        ]);
        const off = merge(spans.map(([from, steps]) => ({ from, to: from + steps * STEP })));
        const counted = subtract(intersect(hours[LIMITS[of].calendar], merge([{ from: START, to: at }])), off);
        expect(readAt([start, ...pauses], at).stages.repair).toMatchObject({ elapsedMs: duration(counted) });
      },
    ),
  ));

test('the order of recording does not matter, nor repetition, nor whether events come one by one', () =>
  law(
    fc.property(history, now, fc.infiniteStream(fc.nat()), fc.nat(), (events, at, keys, from) => {
      const shuffled = events.map((event) => ({ event, key: keys.next().value ?? 0 })).sort((a, b) => a.key - b.key);
      const stirred = shuffled.map(({ event }) => event);
      const oneByOne = [...stirred, ...stirred.slice(from % stirred.length)].reduce(withEvent, caseLog([]));
      expect(oneByOne).toEqual(caseLog(events));
      expect(repairClocks(oneByOne, () => terms, at)).toEqual(readAt(events, at));
      const instants = new Set(events.map((event) => event.at));
      if (instants.size < events.length) return;
      const renumbered = stirred.map((event, seq) => ({ ...event, seq }));
      expect(readAt(renumbered, at)).toEqual(readAt(events, at));
    }),
  ));

test('a change of severity keeps every pause, and one taken back leaves no trace', () =>
  law(
    fc.property(history, now, severity, (events, at, to) => {
      const before = readAt(events, at);
      const change = (seq: number, severity: string): CaseEvent => ({ kind: 'severity_changed', at, seq, severity });
      const after = readAt([...events, change(900, to)], at);
      expect(after.pauses).toEqual(before.pauses);
      expect(readAt([...events, change(900, to), change(901, before.severity)], at)).toEqual(before);
      const fromTheStart = { ...before, severity: to };
      if (to === before.severity) expect(after).toEqual(fromTheStart);
    }),
  ));

test('an approved pause never shortens the time left, telemetry never lengthens the time used', () =>
  law(
    fc.property(history, now, instant, (events, at, recoveredAt) => {
      const elapsed = (all: readonly CaseEvent[], which: RepairStage) => {
        const clock = readAt(all, at).stages[which];
        return 'elapsedMs' in clock ? clock.elapsedMs : 0;
      };
      const calm = events.filter(({ kind }) => !['reopened', 'severity_changed', 'cancelled'].includes(kind));
      const recovered: CaseEvent = { kind: 'recovered', at: recoveredAt, seq: 900 };
      const extra: CaseEvent[] = [
        {
          kind: 'pause_proposed',
          at: START,
          seq: 901,
          pause: 'new',
          org: 'a',
          reason: 'x',
          from: recoveredAt,
          to: null,
        },
        { kind: 'pause_approved', at: START, seq: 902, pause: 'new', org: 'b' },
      ];
      for (const which of REPAIR_STAGES) {
        expect(elapsed([...calm, recovered], which)).toBeLessThanOrEqual(elapsed(calm, which));
        expect(elapsed([...calm, ...extra], which)).toBeLessThanOrEqual(elapsed(calm, which));
      }
    }),
  ));
