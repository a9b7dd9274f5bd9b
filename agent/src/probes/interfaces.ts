import type { UplinkCounters } from '../core/ports.ts';
import { names, readNumber, readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

/** Cabling: a configured interface must exist and have a carrier. Without configuration physical ports are only looked for. */
export function portsProbe(root: string, configured: readonly string[]): Probe {
  const base = `${root}/sys/class/net`;
  return async () => {
    if (configured.length === 0) {
      const physical = await physicalInterfaces(base);
      return { c: { ports: physical.length > 0 ? report('ok') : ABSENT } };
    }
    const present = await names(base);
    const missing = configured.filter((name) => !present.includes(name));
    if (missing.length > 0) return { c: { ports: report('fault', 'disconnected', missing.join(', ')) } };
    const carriers = await Promise.all(configured.map((name) => readNumber(`${base}/${name}/carrier`)));
    const down = configured.filter((_, i) => carriers[i] !== 1);
    return { c: { ports: down.length > 0 ? report('fault', 'link_down', down.join(', ')) : report('ok') } };
  };
}

async function physicalInterfaces(base: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const name of await names(base)) {
    if (name === 'lo') continue;
    const bus = await readText(`${base}/${name}/device/uevent`);
    const carrier = await readNumber(`${base}/${name}/carrier`);
    if (bus !== null || carrier === 1) found.push(name);
  }
  return found;
}

/** Interface of the default route with the lowest metric by /proc/net/route; `null` without one. */
export function parseDefaultRoute(text: string): string | null {
  let best: { name: string; metric: number } | null = null;
  for (const line of text.split('\n').slice(1)) {
    const [name, destination, , flags, , , metric] = line.trim().split(/\s+/);
    if (!name || destination !== '00000000' || (Number.parseInt(flags ?? '0', 16) & 1) === 0) continue;
    if (!best || Number(metric) < best.metric) best = { name, metric: Number(metric) };
  }
  return best?.name ?? null;
}

/** The uplink interface: as configured, else that of the default route, else the first one that is not loopback. */
export async function uplinkInterface(root: string, configured: string | undefined): Promise<string | null> {
  if (configured) return configured;
  const route = parseDefaultRoute((await readText(`${root}/proc/net/route`)) ?? '');
  return route ?? (await names(`${root}/sys/class/net`)).find((name) => name !== 'lo') ?? null;
}

/** Counters of an interface since it came up; `null` if it is missing. */
export async function interfaceCounters(root: string, name: string): Promise<UplinkCounters | null> {
  const counter = (file: string) => readNumber(`${root}/sys/class/net/${name}/statistics/${file}`);
  const rxBytes = await counter('rx_bytes');
  const txBytes = await counter('tx_bytes');
  if (rxBytes === null || txBytes === null) return null;
  const packets = ((await counter('rx_packets')) ?? 0) + ((await counter('tx_packets')) ?? 0);
  const packetErrors = ((await counter('rx_errors')) ?? 0) + ((await counter('tx_errors')) ?? 0);
  return { src: 'iface', rxBytes, txBytes, packets, packetErrors };
}

/** Radio access as the name of the interface tells: systemd and kernel naming. */
export function accessOf(name: string): string {
  if (/^(wl|ath)/.test(name)) return 'wifi';
  if (/^(ww|rmnet|ppp|usb)/.test(name)) return '4g';
  return 'ethernet';
}
