import { expect, test } from 'vitest';
import { ConfigError, parseConfig } from '../../src/config/config.ts';

test('an empty file means all defaults', () => {
  expect(parseConfig('{}', 'f')).toMatchObject({
    data: '/var/lib/uptally-agent',
    probes: { storage: { min_free_pct: 5 }, card_reader: { usb: [] } },
    commands: { restart_terminal: { allow: false } },
  });
});

test('every fault is told at once, by its path', () => {
  const text = JSON.stringify({
    data: 'here',
    probes: {
      printer: { path: '/dev/usb/lp0', bauds: 3 },
      scanner: { usb: ['0x12:34'] },
      storage: { min_free_pct: '5' },
    },
    commands: { restart_terminal: { allow: 'yes' }, pause_service: [] },
    intervals: { beat_ms: 1 },
    sever: 'x',
  });
  const lines = (() => {
    try {
      parseConfig(text, 'agent.json');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigError);
      return (error as Error).message.split('\n');
    }
    return [];
  })();
  const paths = lines.map((line) => line.replace(/^agent\.json: (\S+) .*$/, '$1'));
  expect(paths.sort()).toEqual([
    '/commands/pause_service',
    '/commands/restart_terminal/allow',
    '/data',
    '/intervals/beat_ms',
    '/probes/printer',
    '/probes/scanner/usb/0',
    '/probes/storage/min_free_pct',
    '/sever',
  ]);
});

test('text that is not JSON says so', () => {
  expect(() => parseConfig('beat: 5', 'agent.json')).toThrow(/^agent\.json: not JSON/);
});
