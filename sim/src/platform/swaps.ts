import type { Swap } from '../history/swaps.ts';
import { type Platform, PlatformError } from './http.ts';

interface StationItem {
  readonly id: number;
  readonly code: string;
  readonly device: { readonly serial: string } | null;
}

/** Enters past swaps into the registry by its API; those that are there already are left alone. */
export async function enterSwaps(
  platform: Platform,
  swaps: readonly Swap[],
  deviceIdOf: (serial: string) => string | undefined,
): Promise<void> {
  for (const swap of swaps) {
    const { items } = await platform.get<{ items: readonly StationItem[] }>(`/stations?q=${swap.stationCode}&limit=50`);
    const station = items.find((item) => item.code === swap.stationCode);
    const device_id = deviceIdOf(swap.newSerial);
    if (!station || device_id === undefined) throw new PlatformError(`no station ${swap.stationCode}`, 404, null);
    if (station.device?.serial !== swap.oldSerial) continue;
    const at = new Date(swap.atMs).toISOString();
    await platform.post(`/stations/${station.id}/swap`, {
      device_id,
      at,
      reason: swap.reason,
      old_lifecycle: 'in_repair',
    });
  }
}
