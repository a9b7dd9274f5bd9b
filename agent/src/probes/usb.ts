import type { Component } from '@uptally/protocol';
import { names, readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

/** `vid:pid` of all USB devices on the bus. */
async function usbDevices(root: string): Promise<ReadonlySet<string>> {
  const base = `${root}/sys/bus/usb/devices`;
  const found = new Set<string>();
  for (const name of await names(base)) {
    const vendor = await readText(`${base}/${name}/idVendor`);
    const product = await readText(`${base}/${name}/idProduct`);
    if (vendor && product) found.add(`${vendor}:${product}`.toLowerCase());
  }
  return found;
}

/** Parts that are known by their USB ids: there if any of their ids is on the bus. Not configured is absent. */
export function usbProbe(root: string, parts: Readonly<Partial<Record<Component, readonly string[]>>>): Probe {
  return async () => {
    const wanted = Object.entries(parts);
    if (wanted.every(([, ids]) => ids.length === 0)) {
      return { c: Object.fromEntries(wanted.map(([part]) => [part, ABSENT])) };
    }
    const present = await usbDevices(root);
    const judge = (ids: readonly string[]) => {
      if (ids.length === 0) return ABSENT;
      return ids.some((id) => present.has(id.toLowerCase()))
        ? report('ok')
        : report('fault', 'disconnected', ids.join(', '));
    };
    return { c: Object.fromEntries(wanted.map(([part, ids]) => [part, judge(ids)])) };
  };
}
