import type { Queryable } from '../../db/index.ts';
import type { Viewer } from '../contracts/viewer.ts';

/** A question about figures: to which database, by whom, when. */
export interface Asked {
  readonly db: Queryable;
  readonly viewer: Viewer;
  /** Moment of the request, Unix ms. */
  readonly nowMs: number;
}
