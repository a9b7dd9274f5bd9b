import { readText } from '../probes/files.ts';

/** Changes with every boot of the kernel. */
export async function readBootId(): Promise<string> {
  const id = await readText('/proc/sys/kernel/random/boot_id');
  if (id) return id;
  // Without it the boot time does, to the minute: clocks are set within a boot.
  const uptimeS = Number((await readText('/proc/uptime'))?.split(' ')[0] ?? 0);
  return `boot-${Math.round((Date.now() / 1000 - uptimeS) / 60)}`;
}
