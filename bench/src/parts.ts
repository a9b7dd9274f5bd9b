import { loadPart } from './load/part.ts';
import type { PartHandlers } from './process.ts';
import { ingestPart } from './targets/ingest.ts';
import { nullBrokerPart } from './targets/null-broker.ts';

/** The programs that a benchmark starts beside itself. */
export const PARTS: Readonly<Record<string, () => PartHandlers>> = {
  load: loadPart,
  'null-broker': nullBrokerPart,
  ingest: ingestPart,
};
