import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/order.ts';

/** Test tiers; see test/README.md. File suffix decides: `.db.test.ts`, `.system.test.ts`, `.browser.test.ts`, else pure. */
const maxWorkers = Math.min(2, availableParallelism());
const base = { environment: 'node' as const, testTimeout: 60_000, hookTimeout: 120_000 };

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
          maxWorkers,
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
          maxWorkers: maxWorkers + 1, // they wait more than they compute
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
