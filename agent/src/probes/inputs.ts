import type { Reason } from '@uptally/protocol';
import { readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

export interface InputOptions {
  /** File that holds the state: a GPIO value, a power supply's `online`... */
  readonly path: string;
  /** Content of the file when all is well. */
  readonly ok: string;
}

/** A contact read from a file: the door (R-DG-3), mains power. */
export function inputProbe(
  root: string,
  part: 'door' | 'power',
  reason: Extract<Reason, 'open' | 'on_battery'>,
  options: InputOptions | undefined,
): Probe {
  return async () => {
    if (!options) return { c: { [part]: ABSENT } };
    const value = await readText(root + options.path);
    if (value === null) return { c: { [part]: report('fault', 'disconnected', options.path) } };
    return { c: { [part]: value === options.ok ? report('ok') : report('warn', reason) } };
  };
}
