export * from './intervals.ts';
export * from './liveness.ts';
export * from './rates.ts';
