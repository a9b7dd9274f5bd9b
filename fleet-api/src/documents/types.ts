import type { Logger } from 'pino';
import type { Pool } from '../db/index.ts';

/** A file that a maker made. */
export interface MadeFile {
  /** As it is offered for download. */
  readonly name: string;
  readonly mediaType: string;
  readonly content: Buffer;
}

export interface MakeJob {
  /** As they were given to `askFor`, after a way through JSON: check them. */
  readonly params: unknown;
  readonly nowMs: number;
  /** Tells how far it is. Rejects once the job is another's or the process ends: let that through. */
  progress(done: number, total: number): Promise<void>;
}

/** Makes documents of one kind. It may be called again for a job whose process died: it must not do anything twice. */
export interface DocumentMaker {
  readonly kind: string;
  make(job: MakeJob): Promise<readonly MadeFile[]>;
}

/** What makers are built from. */
export interface MakerDeps {
  readonly pool: Pool;
  readonly log: Logger;
  /** Unix ms. */
  readonly clock: () => number;
  /** IANA zone in which days and months of the trade begin. */
  readonly timeZone: string;
}

/** What a document is of, and whose eyes it is for: everybody whose contracts and regions reach it. */
export interface DocumentSubject {
  /** `report:12` */
  readonly ref: string;
  readonly contractId: number;
  /** Null: about all of the contract, so not for people who are bound to regions. */
  readonly regionId: number | null;
}
