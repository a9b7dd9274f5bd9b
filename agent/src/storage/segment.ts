import type { Sample, SpoolEntry } from '../core/ports.ts';

export interface DiskSpoolOptions {
  readonly directory: string;
  /** Bound of all segments together. */
  readonly maxBytes: number;
  readonly firstSeq: number;
  /** The disk refused a write; the entries are held in memory only. */
  readonly onFault?: (error: unknown) => void;
}

export interface Segment {
  readonly path: string;
  readonly firstSeq: number;
  /** After its newest entry. */
  endSeq: number;
  bytes: number;
  /** Already rewritten without detail. */
  lean: boolean;
}

export interface Waiting {
  readonly samples: readonly Sample[];
  readonly resolve: (entries: readonly SpoolEntry[]) => void;
  readonly reject: (error: unknown) => void;
}
