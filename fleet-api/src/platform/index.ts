export { EXTEND_MS, GAP_MS, Liveness, type LivenessOptions, livenessSpans, type Span } from './liveness.ts';
