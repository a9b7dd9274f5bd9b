import { COMPONENTS } from '@uptally/protocol';
import type { Effect } from './effects.ts';
import type { Path, Source } from './problems.ts';
import { Reader } from './reader.ts';

type Read = (source: Source, path: Path, value: unknown) => Effect | null;

/** What a step may do, by the one key of its `do`. */
const EFFECTS: Readonly<Record<string, Read>> = {
  link: (source, path, value) => {
    if (value === 'down') return { kind: 'link_down' };
    const link = new Reader(source, path, value, ['flap', 'poor']);
    if (link.has('flap')) {
      const flap = new Reader(source, link.at('flap'), link.raw('flap'), ['up', 'down']);
      const upMs = flap.duration('up', 1000);
      const downMs = flap.duration('down', 1000);
      return upMs === null || downMs === null ? null : { kind: 'link_flap', upMs, downMs };
    }
    if (!link.has('poor')) return refuse(source, path, 'must be down, or a mapping with flap or poor');
    const poor = new Reader(source, link.at('poor'), link.raw('poor'), ['delay', 'loss']);
    const delayMs = poor.has('delay') ? poor.duration('delay') : 0;
    const lossShare = poor.has('loss') ? poor.number('loss', 0, 1) : 0;
    return delayMs === null || lossShare === null ? null : { kind: 'link_poor', delayMs, lossShare };
  },
  power: (source, path, value) =>
    // YAML 1.1 readers take a bare `off` for false; ours does not, but people write both.
    value === 'off' || value === false ? { kind: 'power_off' } : refuse(source, path, 'must be off'),
  fault: (source, path, value) => {
    const fault = new Reader(source, path, value, ['component', 'reason', 'state', 'detail']);
    const component = fault.oneOf('component', COMPONENTS);
    const reason = fault.text('reason');
    const state = fault.has('state') ? fault.oneOf('state', ['warn', 'fault']) : 'fault';
    const detail = fault.has('detail') ? fault.text('detail') : null;
    if (component === null || reason === null || state === null) return null;
    return { kind: 'fault', component, reason, state, ...(detail === null ? {} : { detail }) };
  },
  heat: (source, path, value) => {
    const toC = new Reader(source, path, value, ['to_c']).number('to_c', -40, 150);
    return toC === null ? null : { kind: 'heat', toC };
  },
  load: (source, path, value) => {
    const cpuPct = new Reader(source, path, value, ['cpu_pct']).number('cpu_pct', 0, 100);
    return cpuPct === null ? null : { kind: 'load', cpuPct };
  },
  disk: (source, path, value) => {
    const pct = new Reader(source, path, value, ['fill_pct']).number('fill_pct', 0, 100);
    return pct === null ? null : { kind: 'disk_fill', pct };
  },
  clock: (source, path, value) => {
    const byMs = new Reader(source, path, value, ['jump']).duration('jump', -Infinity);
    return byMs === null ? null : { kind: 'clock_jump', byMs };
  },
  sim: (source, path, value) => {
    const bytes = new Reader(source, path, value, ['use']).size('use');
    return bytes === null ? null : { kind: 'sim_use', bytes };
  },
  connection: (source, path, value) =>
    value === 'cut' ? { kind: 'cut_connection' } : refuse(source, path, 'must be cut'),
  reboot: (source, path, value) => (value === 'now' ? { kind: 'reboot' } : refuse(source, path, 'must be now')),
};

/** Reads the `do` of a step: a mapping with exactly one known key. */
export function readEffect(source: Source, path: Path, value: unknown): Effect | null {
  const effect = new Reader(source, path, value, Object.keys(EFFECTS));
  const named = Object.keys(EFFECTS).filter((key) => effect.has(key));
  const [key] = named;
  if (key === undefined || named.length > 1) {
    return refuse(source, path, `must name exactly one of ${Object.keys(EFFECTS).join(', ')}`);
  }
  return EFFECTS[key]?.(source, effect.at(key), effect.raw(key)) ?? null;
}

function refuse(source: Source, path: Path, message: string): null {
  source.fault(path, message);
  return null;
}
