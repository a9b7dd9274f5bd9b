import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Pool } from '../db/index.ts';
import type { Stack } from './stack.ts';

/** What every part of a process shares. */
export interface Parts {
  readonly config: Config;
  readonly log: Logger;
  readonly stack: Stack;
  readonly pool: Pool;
  readonly metrics: Registry;
  /** Unix ms. */
  readonly clock: () => number;
  /** Folder that holds the packages. */
  readonly root: string;
}
