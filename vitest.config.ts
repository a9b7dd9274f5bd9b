import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/order.ts';

/**
 * Test tiers; see test/README.md. File suffix decides: `.db.test.ts`, `.system.test.ts`, `.browser.test.ts`, else pure. But for whole
 * systems, files of one worker share their modules: loading them anew for each costs more than most tests do.
 */
const maxWorkers = Math.min(2, availableParallelism());
/** Whole systems wait more than they compute; they run beside the database tests, one more than there are cores. */
const besideWaiting = maxWorkers + 1;
const base = {
  environment: 'node' as const,
  testTimeout: 60_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 30_000 } },
};

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...base,
          name: 'pure',
          include: ['{protocol,sla,broker,agent,fleet-api,alerts,sim,bench}/test/**/*.test.ts', 'test/*.test.ts'],
          exclude: ['**/*.{db,system,browser}.test.ts', '**/node_modules/**'],
          maxWorkers,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      'web/vitest.config.ts',
      {
        test: {
          ...base,
          name: 'db',
          include: ['**/test/**/*.db.test.ts'],
          globalSetup: ['test/support/databases.ts'],
          maxWorkers: besideWaiting,
          isolate: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          ...base,
          name: 'system',
          include: ['**/test/**/*.{system,browser}.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          maxWorkers: besideWaiting,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
