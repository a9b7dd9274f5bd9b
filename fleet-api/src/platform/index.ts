export { GAP_MS, livenessSpans, receivingSpans, type Span, silencesOf } from './journal.ts';
export { EXTEND_MS, Liveness, type LivenessOptions } from './liveness.ts';
