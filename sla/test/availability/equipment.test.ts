import { describe, expect, test } from 'vitest';
import { type ComponentReport, EMPTY, equipmentTimeline, merge } from '../../src/index.ts';
import { clock } from '../support/clock.ts';
import { beatsAt, device, SILENCE, told } from '../support/evidence.ts';

const WINDOW = { from: 0, to: clock('1:00') };
const [BEFORE, AFTER] = [beatsAt('0:10'), beatsAt('0:40').map((beat) => ({ ...beat, seq: 9 }))];
const report = (time: string, component: string, state: ComponentReport['state'], seq = 1): ComponentReport => ({
  at: clock(time),
  seq,
  component,
  state,
});

describe('what silence means', () => {
  test('without a later beat: nothing yet', () => {
    expect(told(equipmentTimeline(device(BEFORE), EMPTY, WINDOW))).toEqual([
      '0:00 unknown/silent',
      '0:10 up/beat',
      '0:12:30 unknown/silent',
    ]);
  });

  test('ended by a boot, and no record missing: it was off', () => {
    const evidence = device([...BEFORE, ...AFTER], { boots: [clock('0:39')] });
    expect(told(equipmentTimeline(evidence, EMPTY, WINDOW)).slice(1, 4)).toEqual([
      '0:10 up/beat',
      '0:12:30 down/off',
      '0:40 up/beat',
    ]);
  });

  test('records missing: they may yet come', () => {
    const evidence = device([...BEFORE, ...AFTER], {
      boots: [clock('0:39')],
      received: [
        { lo: 1, hi: 5 },
        { lo: 6, hi: 20 },
      ],
    });
    expect(told(equipmentTimeline(evidence, EMPTY, WINDOW))[2]).toBe('0:12:30 unknown/missing');
  });

  test('no boot, nothing missing: it ran and took no beat, which proves nothing', () => {
    const evidence = device([...BEFORE, ...AFTER]);
    expect(told(equipmentTimeline(evidence, EMPTY, WINDOW))[2]).toBe('0:12:30 unknown/silent');
  });

  test('a boot counts from just after the last beat up to the next beat itself', () => {
    const at = (boot: string) =>
      told(equipmentTimeline(device([...BEFORE, ...AFTER], { boots: [clock(boot)] }), EMPTY, WINDOW))[2];
    expect([at('0:10'), at('0:11'), at('0:40'), at('0:41')]).toEqual([
      '0:12:30 unknown/silent',
      '0:12:30 down/off',
      '0:12:30 down/off',
      '0:12:30 unknown/silent',
    ]);
  });

  test('two beats at one instant: the later number is the last before a gap, the earlier the first after it', () => {
    const twice = (seqs: readonly number[], time: string) =>
      seqs.flatMap((seq) => beatsAt(time).map((beat) => ({ ...beat, seq, live: seq % 2 === 0 })));
    const evidence = device([...twice([3, 4], '0:10'), ...twice([9, 8], '0:40')], {
      boots: [clock('0:30')],
      received: [{ lo: 5, hi: 8 }],
    });
    expect(told(equipmentTimeline(evidence, EMPTY, WINDOW))[2]).toBe('0:12:30 down/off');
  });
});

test('alive but cut off: backfill turns silence into up, and a clean end of session is nothing to the equipment', () => {
  const late = beatsAt('0:12 0:14 0:16 0:18', { live: false }).map((beat, i) => ({ ...beat, seq: i + 2 }));
  const evidence = device([...BEFORE, ...late], { cleanEnds: [clock('0:11')] });
  expect(told(equipmentTimeline(evidence, EMPTY, WINDOW))).toEqual([
    '0:00 unknown/silent',
    '0:10 up/beat',
    '0:20:30 unknown/silent',
  ]);
});

test('the platform out, and five minutes more: silence is its fault, but off stays off and a beat stays a beat', () => {
  const outages = merge([{ from: clock('0:05'), to: clock('0:20') }]);
  expect(told(equipmentTimeline(device(BEFORE), outages, WINDOW))).toEqual([
    '0:00 unknown/silent',
    '0:05 unknown/platform',
    '0:10 up/beat',
    '0:12:30 unknown/platform',
    '0:25 unknown/silent',
  ]);
  const off = device([...BEFORE, ...AFTER], { boots: [clock('0:39')] });
  expect(told(equipmentTimeline(off, outages, WINDOW))[3]).toBe('0:12:30 down/off');
});

describe('faults', () => {
  const judge = (reports: ComponentReport[], requirements = SILENCE.requirements) =>
    told(equipmentTimeline({ ...SILENCE, reports, requirements }, EMPTY, WINDOW));

  test('from the report that tells of it to the next that says ok or warn; absent and unknown change nothing', () => {
    const reports = [
      report('0:10', 'printer', 'fault'),
      report('0:15', 'printer', 'unknown'),
      report('0:16', 'printer', 'absent'),
      report('0:17', 'screen', 'ok'),
      report('0:20', 'printer', 'warn'),
      report('0:30', 'printer', 'fault'),
    ];
    expect(judge(reports)).toEqual([
      '0:00 unknown/silent',
      '0:10 down/fault printer',
      '0:20 unknown/silent',
      '0:30 down/fault printer',
    ]);
  });

  test('a fault wins over beats and over the outage of the platform', () => {
    const evidence = device(BEFORE, { reports: [report('0:11', 'printer', 'fault')] });
    const outages = merge([{ from: clock('0:30'), to: clock('0:40') }]);
    expect(told(equipmentTimeline(evidence, outages, WINDOW)).slice(1)).toEqual([
      '0:10 up/beat',
      '0:11 down/fault printer',
    ]);
  });

  test('only what is required counts, from the instant at which it is', () => {
    const reports = [report('0:10', 'door', 'fault')];
    const requirements = [
      { from: Number.NEGATIVE_INFINITY, components: ['printer'] },
      { from: clock('0:20'), components: ['printer', 'door'] },
      { from: clock('0:30'), components: [] },
      { from: clock('0:40'), components: ['printer'] },
    ];
    expect(judge(reports, requirements)).toEqual([
      '0:00 unknown/silent',
      '0:20 down/fault door',
      '0:40 unknown/silent',
    ]);
    expect(judge(reports, [])).toEqual(['0:00 unknown/silent', '0:10 down/fault door']);
  });

  test('of several faults the first by name is told, so that a day tells the same as the month', () => {
    const reports = [
      report('0:10', 'screen', 'fault'),
      report('0:20', 'card', 'fault'),
      report('0:30', 'card', 'ok'),
      report('0:40', 'screen', 'ok'),
    ];
    expect(judge(reports)).toEqual([
      '0:00 unknown/silent',
      '0:10 down/fault screen',
      '0:20 down/fault card',
      '0:30 down/fault screen',
      '0:40 unknown/silent',
    ]);
  });

  test('reports of one instant count in order of their numbers; a record that contradicts itself is a fault', () => {
    expect(judge([report('0:10', 'card', 'ok', 8), report('0:10', 'card', 'fault', 7)])).toEqual([
      '0:00 unknown/silent',
    ]);
    expect(judge([report('0:10', 'card', 'fault', 8), report('0:10', 'card', 'ok', 7)])[1]).toBe(
      '0:10 down/fault card',
    );
    expect(judge([report('0:10', 'card', 'fault', 7), report('0:10', 'card', 'ok', 7)])[1]).toBe(
      '0:10 down/fault card',
    );
  });
});
