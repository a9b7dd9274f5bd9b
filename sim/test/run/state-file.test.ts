import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { afterCrash, credentialsIn, type KeptState, readState, writeState } from '../../src/run/state-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'sim-state-'));
afterAll(() => rmSync(dir, { recursive: true }));

const state: KeptState = {
  v: 1,
  fleet: 'hn',
  seed: 1,
  past: null,
  clean: false,
  devices: {
    A1: {
      deviceId: 'd-1',
      secret: 's',
      enrolledMs: 5,
      boot: { id: 'b', atMs: 1 },
      powered: true,
      store: { identity: '{"boot":7,"bootId":"b","session":40}' },
      spool: { nextSeq: 100, entries: [], past: null },
    },
  },
};

test('a state comes back as it was written, for its owner only', () => {
  const path = join(dir, 'state.json');
  expect(readState(path)).toBeNull();
  writeState(path, state);
  expect(readState(path)).toEqual(state);
  expect(statSync(path).mode & 0o077).toBe(0);
  expect(credentialsIn(state).get('A1')).toMatchObject({ deviceId: 'd-1', secret: 's' });
});

test('a file that is not ours is refused', () => {
  const path = join(dir, 'other.json');
  writeFileSync(path, '{"v":2}');
  expect(() => readState(path)).toThrow('is not a state file');
});

test('after a crash counters move on beyond anything that may have been used', () => {
  const kept = state.devices.A1;
  if (!kept) throw new Error('no device');
  const moved = afterCrash(kept);
  expect(moved.spool?.nextSeq).toBeGreaterThan(100 + 5_000);
  expect(JSON.parse(moved.store.identity ?? '')).toEqual({ boot: 7, bootId: 'b', session: 1040 });
});
