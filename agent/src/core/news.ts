import type { RecordBody, SpoolDrops } from './ports.ts';

/** What a start tells; `damagedBytes` were cut off the spool. */
export function startNews(isNewBoot: boolean, agent: string, damagedBytes: number): RecordBody[] {
  const events: RecordBody[] = [{ k: 'event', code: isNewBoot ? 'boot' : 'agent_start', d: { agent } }];
  if (damagedBytes > 0) events.push({ k: 'event', code: 'spool_repaired', sev: 'warn', d: { bytes: damagedBytes } });
  return events;
}

/** What was given up for lack of space, if anything. */
export function dropNews(drops: SpoolDrops | null): RecordBody[] {
  return drops === null ? [] : [{ k: 'event', code: 'spool_dropped', sev: 'warn', d: { ...drops } }];
}
