import { arch, cpus, hostname, release, totalmem, version } from 'node:os';
import { names, readText } from './files.ts';

/** What the device is made of, for the register. */
export async function readInventory(
  root: string,
  known: { readonly serial: string; readonly model?: string | undefined; readonly agent: string },
): Promise<Readonly<Record<string, unknown>>> {
  const product = await readText(`${root}/sys/class/dmi/id/product_name`);
  const board = (await readText(`${root}/proc/device-tree/model`))?.replaceAll('\0', '');
  const os = /^PRETTY_NAME="?([^"\n]*)/m.exec((await readText(`${root}/etc/os-release`)) ?? '')?.[1];
  return {
    serial: known.serial,
    ...(known.model && { model: known.model }),
    agent: known.agent,
    node: process.versions.node,
    hostname: hostname(),
    os: os ?? version(),
    kernel: release(),
    arch: arch(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory_mb: Math.round(totalmem() / 1_048_576),
    ...((product ?? board) && { hardware: product ?? board }),
    interfaces: (await names(`${root}/sys/class/net`)).filter((name) => name !== 'lo').slice(0, 16),
  };
}
