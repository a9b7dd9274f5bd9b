import { createWriteStream, type WriteStream } from 'node:fs';
import type { VirtualDevice } from '../device/virtual-device.ts';
import type { Occurrence } from '../scenario/plan.ts';
import { type DeviceTruth, TruthIntervals } from '../truth/truth.ts';

/**
 * What was true of each device, as JSON lines: what the platform should have found out, to check its figures against. One line for each
 * change; a device keeps its state until its next line. `kind: truth` lines are intervals of one dimension, whole; `kind: past` lines tell
 * what the generated history is made of.
 */
export class TruthLog {
  readonly #file: WriteStream;
  readonly #intervals = new TruthIntervals(({ deviceId, dimension, fromMs, toMs, up, why }) => {
    const state = up ? 'up' : 'down';
    this.#write({ kind: 'truth', at: fromMs, until: toMs, device_id: deviceId, dimension, state, why });
  });

  /** `begin`: the file is of this run alone. */
  constructor(path: string, { begin = false }: { readonly begin?: boolean } = {}) {
    this.#file = createWriteStream(path, { flags: begin ? 'w' : 'a', mode: 0o600 });
  }

  /** What is true of a device from an instant on, in intervals by dimension: `kind: truth`. */
  note(deviceId: string, atMs: number, truth: DeviceTruth): void {
    this.#intervals.note(deviceId, atMs, truth);
  }

  /** The platform was not able to receive. */
  platformOut(fromMs: number, untilMs: number): void {
    this.#write({ kind: 'platform_out', at: fromMs, until: untilMs });
  }

  state(device: VirtualDevice, atMs: number): void {
    this.note(device.options.deviceId, atMs, device.judged);
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

  async close(atMs: number): Promise<void> {
    this.#intervals.close(atMs);
    await new Promise<void>((resolve) => this.#file.end(resolve));
  }

  #write(line: { readonly at: number; readonly until?: number | null; readonly [field: string]: unknown }): void {
    const until = typeof line.until === 'number' ? { until: new Date(line.until).toISOString() } : {};
    this.#file.write(`${JSON.stringify({ ...line, at: new Date(line.at).toISOString(), ...until })}\n`);
  }
}
