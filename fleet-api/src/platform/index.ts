export type { Interval } from '@uptally/sla';
export {
  entriesBeside,
  GAP_MS,
  type JournalEntry,
  livenessSpans,
  receivingAround,
  receivingFrom,
  receivingSince,
  receivingSpans,
  type Span,
  silencesOf,
} from './journal.ts';
export { EXTEND_MS, Liveness, type LivenessOptions } from './liveness.ts';
