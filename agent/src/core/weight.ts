import type { RecordBody } from './ports.ts';

/** True for records that no figure rests on: given up first when the spool is full. */
export function isDetail(rec: RecordBody): boolean {
  switch (rec.k) {
    case 'log':
    case 'net':
    case 'sim':
      return true;
    case 'health':
      return rec.c === undefined;
    case 'beat':
    case 'event':
    case 'result':
      return false;
  }
}
