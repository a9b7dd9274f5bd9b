import { describe, expect, test } from 'vitest';
import { caseLog, type RepairStage, type RepairTerms, repairClocks, UNTIL_FURTHER_NOTICE } from '../../src/index.ts';
import { HOUR, MINUTE } from '../support/clock.ts';
import { begun, did, opened, pause, read, type Said, SPRING_2026, shanghai, termsOf, told } from './support.ts';

const office4h = termsOf(
  { ordinary: { repair: { calendar: 'office', limitMs: 4 * HOUR } } },
  SPRING_2026,
  [50, 75, 150],
);
const MONDAY = '2026-03-02';
const TUESDAY = '2026-03-03';

/** Respond in 10 min, on site in 2 h, a major failure restored in 8 h (R-QH-1), repaired in 24 h; round the clock. */
const round = termsOf({
  ordinary: {
    respond: { calendar: 'always', limitMs: 10 * MINUTE },
    on_site: { calendar: 'always', limitMs: 2 * HOUR },
    repair: { calendar: 'always', limitMs: 24 * HOUR },
  },
  major: {
    respond: { calendar: 'always', limitMs: 10 * MINUTE },
    on_site: { calendar: 'always', limitMs: 2 * HOUR },
    temporary_restoration: { calendar: 'always', limitMs: 8 * HOUR },
    repair: { calendar: 'always', limitMs: 24 * HOUR },
  },
});
const NINE = opened(`${MONDAY} 09:00`);
const repairOf = (said: readonly Said[], now: string, terms: RepairTerms = office4h) => begun(read(terms, said, now));

describe('the published vector of GLPI: Monday to Friday 08-18, target 4 h', () => {
  test('opened Monday 10:00: due 14:00', () => {
    expect(told(repairOf([opened(`${MONDAY} 10:00`)], `${MONDAY} 10:00`).dueAt)).toBe(`${MONDAY} 14:00`);
  });

  test('opened Monday 17:00: due Tuesday 11:00, the warning at three quarters is Tuesday 10:00', () => {
    const clock = repairOf([opened(`${MONDAY} 17:00`)], `${TUESDAY} 09:00`);
    expect(told(clock.dueAt)).toBe(`${TUESDAY} 11:00`);
    expect(clock.marks.map(({ percent, at }) => [percent, told(at)])).toEqual([
      [50, `${TUESDAY} 09:00`],
      [75, `${TUESDAY} 10:00`],
      [150, `${TUESDAY} 13:00`],
    ]);
    expect(clock).toMatchObject({ state: 'running', elapsedMs: 2 * HOUR, leftMs: 2 * HOUR, stoppedAt: null });
  });

  test('over Spring Festival 2026 with its make-up Saturday', () => {
    expect(told(repairOf([opened('2026-02-14 16:00')], '2026-02-20 09:00').dueAt)).toBe('2026-02-24 10:00');
    expect(told(repairOf([opened('2026-02-27 16:00')], '2026-02-27 16:00').dueAt)).toBe('2026-02-28 10:00');
  });
});

test('the due instant itself is in time, open or done; what comes behind it is late', () => {
  const open = (now: string) => repairOf([opened(`${MONDAY} 14:00`)], now);
  expect(open(`${MONDAY} 18:00`)).toMatchObject({ state: 'running', leftMs: 0 });
  expect(open(`${MONDAY} 18:01`)).toMatchObject({ state: 'breached', leftMs: 0, stoppedAt: null });
  expect(open(`${TUESDAY} 09:00`)).toMatchObject({ state: 'breached', leftMs: -HOUR });
  const done = (at: string) => repairOf([opened(`${MONDAY} 14:00`), did('repaired', at)], `${TUESDAY} 18:00`);
  expect(done(`${MONDAY} 18:00`)).toMatchObject({ state: 'met', elapsedMs: 4 * HOUR, stoppedBy: 'repaired' });
  expect(done(`${MONDAY} 20:00`).state).toBe('breached');
});

describe('what ends a stage', () => {
  const states = (said: readonly Said[], now = `${TUESDAY} 09:00`, terms = round) =>
    Object.values(read(terms, [NINE, ...said], now).stages).map((each) =>
      'stoppedAt' in each ? [each.state, told(each.stoppedAt)?.slice(11) ?? null] : [each.state],
    );

  test('each by its own act', () => {
    const acts = [
      did('responded', `${MONDAY} 09:05`),
      did('arrived', `${MONDAY} 10:30`),
      did('repaired', `${MONDAY} 12:00`),
    ];
    expect(states(acts)).toEqual([['met', '09:05'], ['met', '10:30'], ['not_applicable'], ['met', '12:00']]);
  });

  test('who comes has responded, who restores has not repaired', () => {
    expect(states([did('arrived', `${MONDAY} 09:08`)]).slice(0, 2)).toEqual([
      ['met', '09:08'],
      ['met', '09:08'],
    ]);
    const restored = [opened(`${MONDAY} 08:59`, 'major'), did('temporarily_restored', `${MONDAY} 09:08`)];
    expect(states(restored)).toEqual([
      ['met', '09:08'],
      ['breached', null],
      ['met', '09:08'],
      ['breached', null],
    ]);
  });

  test('when the fault is gone nobody has to come; what was late before stays late', () => {
    expect(states([did('recovered', `${MONDAY} 09:30`)])).toEqual([
      ['breached', '09:30'], ['met', '09:30'], ['not_applicable'], ['met', '09:30'],
    ]); // biome-ignore format: a row a state
  });

  test('the site confirms: that ends what was forgotten to be clicked', () => {
    const clocks = read(round, [NINE, did('confirmed', `${MONDAY} 11:00`)], `${MONDAY} 12:00`);
    expect(clocks).toMatchObject({ status: 'confirmed', endedAt: shanghai(`${MONDAY} 11:00`) });
    expect(begun(clocks).stoppedBy).toBe('confirmed');
  });
});

describe('telemetry knows when the fault was gone', () => {
  const click = did('repaired', `${MONDAY} 13:30`);
  test('a later click does not lengthen, in whatever order the two are recorded', () => {
    const recovered = did('recovered', `${MONDAY} 11:00`);
    for (const said of [
      [NINE, recovered, click],
      [NINE, click, recovered],
      [click, recovered, NINE],
    ]) {
      const clock = repairOf(said, `${MONDAY} 18:00`);
      expect(clock).toMatchObject({ state: 'met', elapsedMs: 2 * HOUR, stoppedBy: 'recovered' });
    }
  });

  test('an earlier click stands: telemetry may hear of it late', () => {
    expect(repairOf([NINE, click, did('recovered', `${MONDAY} 15:00`)], `${MONDAY} 18:00`).stoppedBy).toBe('repaired');
  });

  test('what is dated before the opening is not about this fault; of two openings the first counts', () => {
    const clock = repairOf([NINE, did('recovered', `${MONDAY} 08:59`)], `${MONDAY} 10:00`);
    expect(clock).toMatchObject({ state: 'running', elapsedMs: HOUR });
    const merged = repairOf([NINE, opened(`${MONDAY} 08:30`), did('recovered', `${MONDAY} 08:59`)], `${MONDAY} 10:00`);
    expect(merged).toMatchObject({ state: 'met', elapsedMs: 29 * MINUTE });
  });

  test('what is dated after now is not known yet', () => {
    expect(repairOf([NINE, click], `${MONDAY} 13:29`)).toMatchObject({ state: 'breached', stoppedAt: null });
  });
});

describe('pauses (R-ZJ-4)', () => {
  const spare = pause('spare', `${MONDAY} 10:00`, `${MONDAY} 12:00`, `${MONDAY} 10:00`, `${MONDAY} 16:00`);
  const [proposal, approval] = spare as [Said & { kind: 'pause_proposed' }, Said & { kind: 'pause_approved' }];
  const due = (said: readonly Said[], now = `${MONDAY} 17:00`) => told(repairOf([NINE, ...said], now).dueAt)?.slice(11);

  test('count once approved, from then on for all of their interval', () => {
    expect(due(spare)).toBe('15:00');
    expect(due(spare, `${MONDAY} 15:59`)).toBe('13:00');
    expect(repairOf([NINE, ...spare], `${MONDAY} 15:59`).state).toBe('breached');
    expect(repairOf([NINE, ...spare, did('repaired', `${MONDAY} 14:30`)], `${MONDAY} 16:00`)).toMatchObject({
      state: 'met', elapsedMs: 3.5 * HOUR,
    }); // biome-ignore format: one glance
  });

  test('the approval may be recorded before the proposal, or before the case', () => {
    expect(due([approval, proposal])).toBe('15:00');
    expect(told(repairOf([approval, NINE, proposal], `${MONDAY} 17:00`).dueAt)).toBe(`${MONDAY} 15:00`);
  });

  test('not without the other side', () => {
    expect(due([proposal])).toBe('13:00');
    expect(due([approval])).toBe('13:00');
    expect(due([proposal, { ...approval, org: 'contractor' }])).toBe('13:00');
    expect(due([...spare, { ...approval, kind: 'pause_rejected', at: shanghai(`${MONDAY} 16:30`) }])).toBe('13:00');
    expect(due([...spare, { ...approval, kind: 'pause_rejected', at: shanghai(`${MONDAY} 15:30`) }])).toBe('15:00');
    const ownRejection = {
      ...approval,
      kind: 'pause_rejected' as const,
      org: 'contractor',
      at: shanghai(`${MONDAY} 16:30`),
    };
    expect(due([...spare, ownRejection])).toBe('15:00');
  });

  test('only what both named', () => {
    const span = (from: string, to: string | null) => ({
      from: shanghai(`${MONDAY} ${from}`), to: to === null ? null : shanghai(`${MONDAY} ${to}`),
    }); // biome-ignore format: one glance
    expect(due([proposal, { ...approval, span: span('11:00', '11:30') }])).toBe('13:30');
    expect(due([proposal, { ...approval, span: span('08:00', null) }])).toBe('15:00');
    expect(due([proposal, { ...approval, span: span('12:00', '14:00') }])).toBe('13:00');
  });

  test('one without end holds the clock, and ends where its cause does', () => {
    const open = pause('road', `${MONDAY} 10:00`, null, `${MONDAY} 10:00`, `${MONDAY} 10:30`);
    const held = read(office4h, [NINE, ...open], `${MONDAY} 17:00`);
    expect(begun(held)).toMatchObject({ state: 'running', paused: true, dueAt: null, elapsedMs: HOUR, marks: [] });
    expect(held.pauses).toEqual([{ from: shanghai(`${MONDAY} 10:00`), to: UNTIL_FURTHER_NOTICE }]);
    const ended: Said = { kind: 'pause_ended', at: shanghai(`${MONDAY} 16:00`), pause: 'road' };
    expect(repairOf([NINE, ended, ...open], `${MONDAY} 17:00`)).toMatchObject({ paused: false, elapsedMs: 2 * HOUR });
    expect(told(repairOf([NINE, ...open, ended], `${MONDAY} 17:00`).dueAt)).toBe(`${TUESDAY} 09:00`);
    expect(repairOf([NINE, ...open, did('repaired', `${MONDAY} 15:00`)], `${MONDAY} 17:00`)).toMatchObject({
      state: 'met', dueAt: null, paused: false, elapsedMs: HOUR,
    }); // biome-ignore format: one glance
  });

  test('that overlap count once, those outside the hours not at all', () => {
    const second = pause('part', `${MONDAY} 11:00`, `${MONDAY} 13:00`, `${MONDAY} 11:00`, `${MONDAY} 11:30`);
    const night = pause('night', `${MONDAY} 18:00`, `${TUESDAY} 08:00`, `${MONDAY} 09:00`, `${MONDAY} 09:30`);
    expect(due([...spare, ...second, ...night])).toBe('16:00');
  });

  test('one that was over before the fault takes nothing off', () => {
    const early = pause('early', `${MONDAY} 08:00`, `${MONDAY} 08:30`, `${MONDAY} 08:00`, `${MONDAY} 08:00`);
    expect(due(early)).toBe('13:00');
    expect(due([...early, ...spare])).toBe('15:00');
  });

  test('one that begins when the limit is used up comes too late', () => {
    const late = pause('late', `${MONDAY} 13:00`, `${MONDAY} 15:00`, `${MONDAY} 12:00`, `${MONDAY} 12:30`);
    expect(due(late)).toBe('13:00');
    expect(repairOf([NINE, ...late, did('repaired', `${MONDAY} 14:00`)], `${MONDAY} 17:00`).state).toBe('breached');
  });
});

describe('a change of severity or contract recomputes from the log', () => {
  const terms = {
    c: termsOf({
      ordinary: { repair: { calendar: 'office', limitMs: 8 * HOUR } },
      major: { repair: { calendar: 'always', limitMs: 6 * HOUR } },
    }),
    d: termsOf({ special: { repair: { calendar: 'always', limitMs: 12 * HOUR } } }),
  };
  const spare = pause('spare', `${MONDAY} 10:00`, `${MONDAY} 12:00`, `${MONDAY} 10:00`, `${MONDAY} 10:30`);
  const major: Said = { kind: 'severity_changed', at: shanghai(`${MONDAY} 13:00`), severity: 'major' };
  const at = (said: readonly Said[], now: string) => begun(read(terms, [NINE, ...spare, ...said], now));

  test('from the opening on, on the calendar of the new severity, and no pause is forgotten', () => {
    expect(told(at([], `${MONDAY} 14:00`).dueAt)).toBe(`${TUESDAY} 09:00`);
    expect(at([major], `${MONDAY} 14:00`)).toMatchObject({ elapsedMs: 3 * HOUR, limitMs: 6 * HOUR });
    expect(told(at([major], `${MONDAY} 14:00`).dueAt)).toBe(`${MONDAY} 17:00`);
    const back: Said = { kind: 'severity_changed', at: shanghai(`${MONDAY} 15:00`), severity: 'ordinary' };
    expect(at([major, back], `${MONDAY} 16:00`)).toEqual(at([], `${MONDAY} 16:00`));
  });

  test('another contract with its own severities', () => {
    const moved: Said = {
      kind: 'contract_changed',
      at: shanghai(`${MONDAY} 13:00`),
      contract: 'd',
      severity: 'special',
    };
    const clocks = read(terms, [NINE, ...spare, moved], `${MONDAY} 14:00`);
    expect(clocks).toMatchObject({ contract: 'd', severity: 'special' });
    expect(told(begun(clocks).dueAt)).toBe(`${MONDAY} 23:00`);
  });

  test('what has ended is judged by what was in force then; a correction reaches back as far as it is dated', () => {
    const done = did('repaired', `${MONDAY} 20:00`);
    const later = { ...major, at: shanghai(`${MONDAY} 21:00`) };
    const corrected = { ...major, at: shanghai(`${MONDAY} 09:00`) };
    expect(at([done, later], `${MONDAY} 22:00`)).toMatchObject({ state: 'met', limitMs: 8 * HOUR });
    expect(at([done, corrected], `${MONDAY} 22:00`)).toMatchObject({ state: 'breached', limitMs: 6 * HOUR });
  });

  test('proposed by one side it holds once the other approved it, and then from the instant that was named', () => {
    const [from, seen] = [shanghai(`${MONDAY} 13:00`), shanghai(`${MONDAY} 20:00`)];
    const proposed: Said = {
      kind: 'severity_proposed',
      at: from,
      proposal: 's',
      org: 'c',
      severity: 'major',
      since: from,
    };
    const said = (kind: 'severity_approved' | 'severity_rejected', org: string): Said => ({
      kind,
      at: seen,
      proposal: 's',
      org,
    });
    const read = (...more: Said[]) =>
      at([proposed, did('repaired', `${MONDAY} 19:00`), ...more], `${MONDAY} 21:00`).limitMs;
    expect(read()).toBe(8 * HOUR);
    expect(read(said('severity_approved', 'c'))).toBe(8 * HOUR);
    expect(read(said('severity_approved', 'a'))).toBe(6 * HOUR);
    expect(read(said('severity_approved', 'a'), said('severity_rejected', 'a'))).toBe(8 * HOUR);
    const early = { ...proposed, since: shanghai('2026-02-01 00:00') };
    expect(at([early, said('severity_approved', 'a')], `${MONDAY} 21:00`).limitMs).toBe(8 * HOUR);
  });

  test('one without targets is an error: without a limit it would pass for in time', () => {
    const unknown: Said = { kind: 'severity_changed', at: shanghai(`${MONDAY} 13:00`), severity: 'urgent' };
    expect(() => at([unknown], `${MONDAY} 14:00`)).toThrow('no targets for the severity urgent of the contract c');
    const elsewhere: Said = { kind: 'contract_changed', at: shanghai(`${MONDAY} 13:00`), contract: 'x' };
    expect(() => at([elsewhere], `${MONDAY} 14:00`)).toThrow(RangeError);
  });
});

describe('a reopened case continues', () => {
  test('the time up to the reopening is off the clock, the time before stays on it', () => {
    const said = [NINE, did('repaired', `${MONDAY} 11:00`), did('reopened', `${MONDAY} 14:00`)];
    const clock = repairOf(said, `${MONDAY} 15:00`);
    expect(clock).toMatchObject({ state: 'running', elapsedMs: 3 * HOUR, stoppedAt: null });
    expect(told(clock.dueAt)).toBe(`${MONDAY} 16:00`);
    expect(read(office4h, said, `${MONDAY} 13:00`)).toMatchObject({
      status: 'repaired',
      endedAt: shanghai(`${MONDAY} 11:00`),
    });
    expect(read(office4h, said, `${MONDAY} 15:00`)).toMatchObject({ status: 'open', endedAt: null });
    const again = repairOf([...said, did('recovered', `${MONDAY} 16:30`)], `${MONDAY} 17:00`);
    expect(again).toMatchObject({ state: 'breached', elapsedMs: 4.5 * HOUR, stoppedBy: 'recovered' });
  });

  test('a pause inside that time is not taken off a second time', () => {
    const over = pause('over', `${MONDAY} 10:00`, `${MONDAY} 13:00`, `${MONDAY} 10:00`, `${MONDAY} 10:00`);
    const said = [NINE, ...over, did('repaired', `${MONDAY} 11:00`), did('reopened', `${MONDAY} 14:00`)];
    expect(repairOf(said, `${MONDAY} 15:00`).elapsedMs).toBe(2 * HOUR);
  });

  test('a reopening at the instant of the click voids it: the device still says faulty', () => {
    const said = [NINE, did('repaired', `${MONDAY} 11:00`), did('reopened', `${MONDAY} 11:00`)];
    expect(repairOf(said, `${MONDAY} 12:00`)).toMatchObject({ state: 'running', elapsedMs: 3 * HOUR });
  });

  test('who has responded or come need not do so again; who has not still must', () => {
    const stopped = (stage: RepairStage, ...said: readonly Said[]) =>
      told(begun(read(round, [NINE, ...said, did('reopened', `${MONDAY} 14:00`)], `${MONDAY} 15:00`), stage).stoppedAt);
    const [recovered, repaired] = [did('recovered', `${MONDAY} 09:04`), did('repaired', `${MONDAY} 09:06`)];
    expect(stopped('respond', did('responded', `${MONDAY} 09:03`), repaired)).toBe(`${MONDAY} 09:03`);
    expect(stopped('respond', recovered, repaired)).toBe(`${MONDAY} 09:04`);
    expect(stopped('respond', recovered)).toBeNull();
    expect(stopped('on_site', repaired)).toBeNull();
    expect(stopped('on_site', did('arrived', `${MONDAY} 09:05`), repaired)).toBe(`${MONDAY} 09:05`);
  });

  test('a cancelled case counts nothing, until it is reopened', () => {
    const said = [NINE, did('cancelled', `${MONDAY} 10:00`)];
    const clocks = read(office4h, said, `${TUESDAY} 10:00`);
    expect(clocks).toMatchObject({ status: 'cancelled', endedAt: null });
    expect(Object.values(clocks.stages).every(({ state }) => state === 'not_applicable')).toBe(true);
    const again = repairOf([...said, did('reopened', `${TUESDAY} 10:00`)], `${TUESDAY} 11:00`);
    expect(again).toMatchObject({ state: 'running', elapsedMs: 2 * HOUR });
  });
});

describe('a stage that begins after another', () => {
  const terms = termsOf({
    ordinary: {
      respond: { calendar: 'always', limitMs: HOUR },
      on_site: { calendar: 'office', limitMs: 2 * HOUR, after: 'respond' },
    },
  });
  const onSite = (said: readonly Said[], now: string) => read(terms, [NINE, ...said], now).stages.on_site;

  test('waits for it', () => {
    expect(onSite([], `${TUESDAY} 09:00`)).toEqual({ stage: 'on_site', state: 'pending', limitMs: 2 * HOUR });
    const clock = onSite([did('responded', `${MONDAY} 17:00`)], `${TUESDAY} 08:30`);
    expect(clock).toMatchObject({ state: 'running', beganAt: shanghai(`${MONDAY} 17:00`), elapsedMs: 1.5 * HOUR });
  });

  test('one that has ended before has taken no time', () => {
    const clock = onSite([did('arrived', `${MONDAY} 10:00`), did('responded', `${MONDAY} 11:00`)], `${MONDAY} 12:00`);
    expect(clock).toMatchObject({ state: 'met', elapsedMs: 0 });
  });
});

test('targets of the trade: half a working day to diagnose, 48 h to repair (R-ZJ-3), 15 min and 2 or 12 h (R-H2-2)', () => {
  const zj = termsOf(
    {
      ordinary: {
        respond: { calendar: 'office', limitWorkingDays: '1/2' },
        repair: { calendar: 'always', limitMs: 48 * HOUR },
      },
    },
    SPRING_2026,
  );
  const clocks = read(zj, [opened('2026-02-14 15:00')], '2026-02-14 15:00');
  expect(told(begun(clocks, 'respond').dueAt)).toBe('2026-02-24 10:00');
  expect(told(begun(clocks).dueAt)).toBe('2026-02-16 15:00');
  const repair = (hours: number) => ({
    respond: { calendar: 'always', limitMs: 15 * MINUTE }, repair: { calendar: 'always', limitMs: hours * HOUR },
  }); // biome-ignore format: one glance
  const h2 = termsOf({ ordinary: repair(2), special: repair(12) });
  const special = read(h2, [opened(`${MONDAY} 23:50`, 'special')], `${MONDAY} 23:55`);
  expect(told(begun(special, 'respond').dueAt)).toBe(`${TUESDAY} 00:05`);
  expect(told(begun(special).dueAt)).toBe(`${TUESDAY} 11:50`);
});

test('a case that was not open by then has no clocks', () => {
  const none = caseLog([{ kind: 'responded', at: 5, seq: 1 }]);
  expect(() => repairClocks(none, () => office4h, 10)).toThrow('the case was not open by then');
  expect(() => read(office4h, [NINE], `${MONDAY} 08:59`)).toThrow('the case was not open by then');
});
