import type { Hardware, HealthPicture, UplinkReading } from '@uptally/agent';
import { COMPONENTS, type ComponentReport } from '@uptally/protocol';
import type { FleetDevice } from '../fleet/types.ts';
import type { Conditions } from './conditions.ts';
import type { DeviceProfile } from './profile.ts';
import { businessBytesUntil, paperIsLow, radioAt, readingsAt } from './readings.ts';

/** The moment at which instruments are read. Instants in true Unix ms. */
export interface Moment {
  readonly atMs: number;
  readonly bootAtMs: number;
  readonly conditions: Conditions;
}

/** Beyond these a part is not well: degrees Celsius, percent. */
export const HOT_FAULT_C = 85;
const LIMITS = { warmC: 75, cpuPct: 95, memPct: 93, diskWarnPct: 90, diskFaultPct: 97 } as const;

/** Parts that no model has. */
const ABSENT: ReadonlySet<string> = new Set(['door']);

/** What a probing of all parts would find at a moment. */
export function pictureAt(profile: DeviceProfile, moment: Moment): HealthPicture {
  const { atMs, bootAtMs, conditions } = moment;
  const now = readingsAt(profile, atMs, bootAtMs, conditions);
  const c: Record<string, ComponentReport> = {};
  for (const name of COMPONENTS) c[name] = reportOf(name, profile, moment, now);
  return {
    c,
    m: {
      cpu_pct: now.cpuPct,
      load1: now.load1,
      mem_used_pct: now.memUsedPct,
      mem_total_mb: profile.memTotalMb,
      disk_used_pct: now.diskUsedPct,
      disk_total_mb: profile.diskTotalMb,
      disk_write_ms: now.diskWriteMs,
      disk_read_ms: now.diskReadMs,
      temp_c: now.tempC,
      uptime_s: Math.floor(Math.max(0, atMs - bootAtMs) / 1000),
    },
  };
}

function reportOf(
  name: string,
  profile: DeviceProfile,
  { atMs, conditions }: Moment,
  now: ReturnType<typeof readingsAt>,
): ComponentReport {
  const defect = conditions.defects.get(name);
  if (defect) return { s: defect.state, r: defect.reason, ...(defect.detail && { d: defect.detail }) };
  if (ABSENT.has(name) || (name === 'scanner' && !profile.required.includes('scanner'))) return { s: 'absent' };
  switch (name) {
    case 'printer':
      return paperIsLow(profile, atMs) ? { s: 'warn', r: 'paper_low' } : { s: 'ok' };
    case 'temperature':
      if (now.tempC >= HOT_FAULT_C) return { s: 'fault', r: 'too_hot', d: `${now.tempC} °C` };
      return now.tempC >= LIMITS.warmC ? { s: 'warn', r: 'too_hot', d: `${now.tempC} °C` } : { s: 'ok' };
    case 'cpu':
      return now.cpuPct >= LIMITS.cpuPct ? { s: 'warn', r: 'overloaded' } : { s: 'ok' };
    case 'memory':
      return now.memUsedPct >= LIMITS.memPct ? { s: 'warn', r: 'space_low' } : { s: 'ok' };
    case 'storage':
      if (now.diskUsedPct >= LIMITS.diskFaultPct) return { s: 'fault', r: 'space_low' };
      return now.diskUsedPct >= LIMITS.diskWarnPct ? { s: 'warn', r: 'space_low' } : { s: 'ok' };
    case 'modem':
      return conditions.linkUp ? { s: 'ok' } : { s: 'warn', r: 'no_signal' };
    default:
      return { s: 'ok' };
  }
}

/** What the modem would say. `extraBytes` came through on top of the business traffic. */
export function uplinkAt(
  device: FleetDevice,
  profile: DeviceProfile,
  moment: Moment,
  extraBytes: number,
): UplinkReading {
  const { atMs, bootAtMs, conditions } = moment;
  const radio = radioAt(profile, atMs, conditions);
  const now = businessBytesUntil(profile, atMs);
  const atBoot = businessBytesUntil(profile, bootAtMs);
  const rxBytes = now.rx - atBoot.rx + Math.floor(extraBytes * 0.9);
  const txBytes = now.tx - atBoot.tx + Math.ceil(extraBytes * 0.1);
  const packets = Math.floor((rxBytes + txBytes) / 420);
  return {
    counters: { src: 'modem', rxBytes, txBytes, packets, packetErrors: Math.floor(packets * radio.lossShare * 0.05) },
    radio: conditions.linkUp
      ? {
          signal_dbm: radio.signalDbm,
          rsrp_dbm: radio.rsrpDbm,
          rsrq_db: radio.rsrqDb,
          sinr_db: radio.sinrDb,
          operator: profile.operator,
          rat: '4g',
          cell: profile.cell,
        }
      : { signal_dbm: -113 },
    sim: { iccid: device.sim.iccid, imsi: device.sim.imsi, imei: device.imei },
  };
}

export function inventoryOf(device: FleetDevice, profile: DeviceProfile): Readonly<Record<string, unknown>> {
  return {
    serial: device.serial,
    model: device.modelCode,
    imei: device.imei,
    mem_total_mb: profile.memTotalMb,
    disk_total_mb: profile.diskTotalMb,
    os: 'simulated terminal',
  };
}

/** The instruments of a living device: read at the moment they are asked. */
export function virtualHardware(
  device: FleetDevice,
  profile: DeviceProfile,
  moment: () => Moment,
  extraBytes: () => number,
): Hardware {
  return {
    probe: async () => pictureAt(profile, moment()),
    uplink: async () => uplinkAt(device, profile, moment(), extraBytes()),
    inventory: async () => inventoryOf(device, profile),
  };
}
