import { expect, test } from 'vitest';
import type { CommandExecutor, CommandOutcomeReport } from '../../src/index.ts';
import { bench } from '../support/virtual.ts';

const SECOND = 1000;
const command = (id: string, op = 'restart_program', ttl_ms = 60_000) => ({ v: 1, id, op, ttl_ms });

function counting(outcome: CommandOutcomeReport | 'rebooting' = { state: 'succeeded' }) {
  const runs: string[] = [];
  const executor: CommandExecutor = {
    execute: async (op) => {
      runs.push(op);
      return outcome;
    },
  };
  return { runs, executor };
}

const results = (records: { k: string }[]) => records.filter(({ k }) => k === 'result');

test('a command that is delivered three times runs once and reports once', async () => {
  const { clock, platform, boot } = bench();
  const { runs, executor } = counting();
  await boot({ executor }).start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1'));
  await platform.send('cmd', command('c1'));
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1'));
  await clock.advance(SECOND);
  expect(runs).toEqual(['restart_program']);
  expect(platform.acks.map(({ state }) => state)).toEqual(expect.arrayContaining(['accepted', 'running']));
  expect(results(platform.records)).toEqual([expect.objectContaining({ cmd: 'c1', state: 'succeeded' })]);
});

test('a redelivery after a restart of the program does not run it again', async () => {
  const { clock, platform, boot } = bench();
  const { runs, executor } = counting({ state: 'failed', code: 'exit_1' });
  const first = boot({ executor });
  await first.start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1'));
  await clock.advance(SECOND);
  first.kill();
  await boot({ executor }).start();
  await clock.advance(5 * SECOND);
  await platform.send('cmd', command('c1'));
  await clock.advance(SECOND);
  expect(runs).toHaveLength(1);
  expect(results(platform.records)).toEqual([expect.objectContaining({ state: 'failed', code: 'exit_1' })]);
});

test('power lost during a command: it is reported as interrupted, not repeated', async () => {
  const { clock, platform, boot } = bench();
  let runs = 0;
  const hanging: CommandExecutor = {
    execute: () => {
      runs++;
      return new Promise(() => undefined);
    },
  };
  const first = boot({ executor: hanging });
  await first.start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1', 'pause_service'));
  await clock.advance(SECOND);
  first.kill();
  await boot({ executor: hanging, bootId: 'boot-b' }).start();
  await clock.advance(5 * SECOND);
  expect(runs).toBe(1);
  expect(results(platform.records)).toEqual([expect.objectContaining({ state: 'failed', code: 'interrupted' })]);
});

test('a restart of the terminal has succeeded when the next boot is there', async () => {
  const { clock, platform, boot } = bench();
  const { runs, executor } = counting('rebooting');
  const first = boot({ executor });
  await first.start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1', 'restart_terminal'));
  await clock.advance(SECOND);
  expect(results(platform.records)).toEqual([]);
  first.kill();
  await boot({ executor, bootId: 'boot-b' }).start();
  await clock.advance(5 * SECOND);
  expect(runs).toHaveLength(1);
  expect(results(platform.records)).toEqual([expect.objectContaining({ cmd: 'c1', state: 'succeeded' })]);
});

test('a terminal that does not go down has failed', async () => {
  const { clock, platform, boot } = bench();
  await boot({ executor: counting('rebooting').executor }).start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1', 'restart_terminal'));
  await clock.advance(400 * SECOND);
  expect(results(platform.records)).toEqual([expect.objectContaining({ state: 'failed', code: 'not_restarted' })]);
});

test('a command whose time ran out behind a slow one does not begin', async () => {
  const { clock, platform, boot } = bench();
  const runs: string[] = [];
  const slow: CommandExecutor = {
    execute: (op) =>
      new Promise((resolve) => {
        runs.push(op);
        clock.setTimer(30 * SECOND, () => resolve({ state: 'succeeded' }));
      }),
  };
  await boot({ executor: slow }).start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1', 'selfcheck'));
  await platform.send('cmd', command('c2', 'restart_program', 5 * SECOND));
  await clock.advance(100 * SECOND);
  expect(runs).toEqual(['selfcheck']);
  expect(results(platform.records)).toEqual([
    expect.objectContaining({ cmd: 'c1', state: 'succeeded' }),
    expect.objectContaining({ cmd: 'c2', state: 'expired' }),
  ]);
});

test('an accepted command of an earlier boot expires: nobody knows how long the power was off', async () => {
  const { clock, platform, boot } = bench();
  const never: CommandExecutor = { execute: () => new Promise(() => undefined) };
  const first = boot({ executor: never });
  await first.start();
  await clock.advance(SECOND);
  await platform.send('cmd', command('c1', 'selfcheck'));
  await platform.send('cmd', command('c2', 'restart_program'));
  await clock.advance(SECOND);
  first.kill();
  const { runs, executor } = counting();
  await boot({ executor, bootId: 'boot-b' }).start();
  await clock.advance(5 * SECOND);
  expect(runs).toEqual([]);
  expect(results(platform.records)).toContainEqual(expect.objectContaining({ cmd: 'c2', state: 'expired' }));
});

test.each([
  ['no id', { v: 1, op: 'selfcheck', ttl_ms: 1000 }],
  ['unknown op', { v: 1, id: 'x', op: 'format_disk', ttl_ms: 1000 }],
  ['no time to live', { v: 1, id: 'x', op: 'selfcheck' }],
  ['another version', { v: 2, id: 'x', op: 'selfcheck', ttl_ms: 1000 }],
])('an unusable command is ignored: %s', async (_, message) => {
  const { clock, platform, boot } = bench();
  const { runs, executor } = counting();
  await boot({ executor }).start();
  await clock.advance(SECOND);
  await platform.send('cmd', message);
  await clock.advance(SECOND);
  expect(runs).toEqual([]);
  expect(platform.acks).toEqual([]);
});
