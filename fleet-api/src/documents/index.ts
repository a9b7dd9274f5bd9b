export { askFor } from './ask.ts';
export { removeOldFiles } from './clean.ts';
export type { DocumentMaker, DocumentSubject, MadeFile, MakeJob, MakerDeps } from './types.ts';
export { DocumentWorker, type DocumentWorkerOptions } from './worker.ts';
