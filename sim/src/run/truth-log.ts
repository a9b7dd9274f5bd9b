import { createWriteStream, type WriteStream } from 'node:fs';
import type { VirtualDevice } from '../device/virtual-device.ts';
import type { Occurrence } from '../scenario/plan.ts';

/**
 * What was true of each device, as JSON lines: what the platform should have found out, to check its figures against. One line for each
 * change; a device keeps its state until its next line. `kind: past` lines tell what the generated history is made of.
 */
export class TruthLog {
  readonly #file: WriteStream;

  constructor(path: string) {
    this.#file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  }

  state(device: VirtualDevice, atMs: number): void {
    const { powered, linkUp, defects } = device.truth;
    const { serial } = device.options.device;
    const boot_at = new Date(device.boot.atMs).toISOString();
    this.#write({
      kind: 'state',
      at: atMs,
      device_id: device.options.deviceId,
      serial,
      powered,
      link_up: linkUp,
      boot_at,
      defects,
    });
  }

  past(deviceId: string, { id, effect, atMs, untilMs }: Occurrence): void {
    this.#write({ kind: 'past', at: atMs, until: untilMs, device_id: deviceId, id, effect });
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#file.end(resolve));
  }

  #write(line: { readonly at: number; readonly until?: number | null; readonly [field: string]: unknown }): void {
    const until = typeof line.until === 'number' ? { until: new Date(line.until).toISOString() } : {};
    this.#file.write(`${JSON.stringify({ ...line, at: new Date(line.at).toISOString(), ...until })}\n`);
  }
}
