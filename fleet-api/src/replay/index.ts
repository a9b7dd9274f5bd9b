export { type Demo, demoOf, isReplaying, markDemo, NotADemo } from './demo.ts';
export { ReplayError, type Replayed, type ReplayOptions, replay } from './replay.ts';
