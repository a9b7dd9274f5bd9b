export { createIngest, type Ingest, type IngestOptions, Overloaded } from './ingest.ts';
export type { IngestStats } from './stats.ts';
