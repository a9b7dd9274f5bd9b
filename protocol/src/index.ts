export * from './codec.ts';
export * from './limits.ts';
export type * from './schemas.ts';
export * from './topics.ts';
export * from './vocabulary.ts';
