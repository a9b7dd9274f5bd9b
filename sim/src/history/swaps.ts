import type { Fleet, FleetDevice } from '../fleet/types.ts';
import { rngFor } from '../random/rng.ts';
import type { Window } from './incidents.ts';

/** A broken device replaced by a spare of its county (R-HN-4). Instant in true Unix ms. */
export interface Swap {
  readonly stationCode: string;
  readonly oldSerial: string;
  readonly newSerial: string;
  readonly atMs: number;
  readonly reason: string;
  /** The part that broke; `null`: the board, so that nothing works. */
  readonly component: string | null;
}

const REASONS: readonly Pick<Swap, 'reason' | 'component'>[] = [
  { reason: '打印机不出纸，更换备用机', component: 'printer' },
  { reason: '读卡器无响应，更换备用机', component: 'card_reader' },
  { reason: '主板故障，送修', component: null },
  { reason: '屏幕损坏，送修', component: 'screen' },
  { reason: '身份证阅读器故障，更换备用机', component: 'id_reader' },
];
/** Swaps a day over the whole fleet: 167 repairs a year is what the past contract saw. */
const PER_DAY = 0.9;

/** The swaps of a past, in order of time: a function of fleet, window and seed. */
export function swapsOf(fleet: Fleet, window: Window, seed: number): Swap[] {
  const rng = rngFor(seed, 'swaps');
  const spares = new Map<string, FleetDevice[]>();
  for (const device of fleet.devices) {
    if (device.stationCode === null) spares.set(device.countyCode, [...(spares.get(device.countyCode) ?? []), device]);
  }
  const count = Math.round(((window.untilMs - window.fromMs) / 86_400_000) * PER_DAY);
  const candidates = rng.shuffle(fleet.devices.filter((device) => device.stationCode !== null)).slice(0, count);
  const swaps = candidates.flatMap((old): Swap[] => {
    const spare = spares.get(old.countyCode)?.shift();
    const atMs = Math.floor(window.fromMs + rng.range(0.05, 0.95) * (window.untilMs - window.fromMs));
    const cause = rng.pick(REASONS);
    if (!spare || old.stationCode === null) return [];
    return [{ stationCode: old.stationCode, oldSerial: old.serial, newSerial: spare.serial, atMs, ...cause }];
  });
  return swaps.sort((a, b) => a.atMs - b.atMs);
}

/** The fleet after the swaps: each spare stands where the broken device stood, in its place of the order; that one is under repair. */
export function afterSwaps(fleet: Fleet, swaps: readonly Swap[]): Fleet {
  const bySerial = new Map(fleet.devices.map((device) => [device.serial, device]));
  const replaced = new Map(swaps.map((swap) => [swap.oldSerial, swap.newSerial]));
  const newcomers = new Set(replaced.values());
  const devices = fleet.devices.flatMap((device): FleetDevice[] => {
    if (newcomers.has(device.serial)) return [];
    const spare = bySerial.get(replaced.get(device.serial) ?? '');
    return [spare ? { ...spare, ...placeOf(device), lifecycle: 'in_service' } : device];
  });
  return { ...fleet, devices };
}

function placeOf({ stationCode, siteCode, siteName, siteKind }: FleetDevice) {
  return { stationCode, siteCode, siteName, siteKind };
}
