import type { Command } from './useBatch.ts';

/** Where the device of a command stands: site and station. */
export function placeWords(command: Pick<Command, 'site_name' | 'station_name'>): string {
  return [...new Set([command.site_name, command.station_name].filter((name) => name !== null))].join(' · ');
}

/** Filter with which a batch was aimed, as the device list's address has it; undefined if its devices were named one by one. */
export function selectionQuery(selection: unknown): Record<string, string> | undefined {
  if (typeof selection !== 'object' || selection === null || !('filter' in selection)) return undefined;
  const { filter } = selection;
  if (typeof filter !== 'object' || filter === null) return undefined;
  return Object.fromEntries(Object.entries(filter).map(([name, value]) => [name, String(value)]));
}
