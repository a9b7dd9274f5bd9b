import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { readText } from '../probes/files.ts';

const PLACEHOLDERS = /^(none|default string|to be filled.*|system serial number|not specified|0+|n\/a)$/i;

/** The machine's own serial number; without one, a stable one made of the machine id. */
export async function readSerial(root = ''): Promise<string> {
  const candidates = [
    await readText(`${root}/sys/class/dmi/id/product_serial`),
    (await readText(`${root}/proc/device-tree/serial-number`))?.replaceAll('\0', ''),
    /^Serial\s*:\s*(\w+)/m.exec((await readText(`${root}/proc/cpuinfo`)) ?? '')?.[1],
  ];
  const serial = candidates.find((text) => text && !PLACEHOLDERS.test(text));
  if (serial) return serial.slice(0, 64);
  const machine = (await readText(`${root}/etc/machine-id`)) ?? hostname();
  return `M-${createHash('sha256').update(`uptally ${machine}`).digest('hex').slice(0, 12).toUpperCase()}`;
}
