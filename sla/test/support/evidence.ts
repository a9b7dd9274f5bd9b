import type { Beat, DeviceEvidence, Timeline } from '../../src/index.ts';
import { runsOfBeats } from '../../src/index.ts';
import { clock } from './clock.ts';

/** A device that said nothing; every record up to number 10,000 has arrived. */
export const SILENCE: DeviceEvidence = {
  runs: [],
  cleanEnds: [],
  boots: [],
  reports: [],
  requirements: [{ from: Number.NEGATIVE_INFINITY, components: [] }],
  received: [{ lo: 1, hi: 10_000 }],
};

/** Beats at the given times of day, numbered from 1 in that order; they prove 2:30 minutes. */
export function beatsAt(times: string, options: Partial<Beat> = {}): Beat[] {
  return times
    .split(' ')
    .map((time, i) => ({ at: clock(time), seq: i + 1, live: true, livenessMs: 150_000, ...options }));
}

/** A device that sent these beats. */
export function device(beats: readonly Beat[], rest: Partial<DeviceEvidence> = {}): DeviceEvidence {
  return { ...SILENCE, ...rest, runs: runsOfBeats(beats, rest.cleanEnds) };
}

/** The timeline in a form that people read: `0:00 up/beat`, one entry a segment. */
export function told(timeline: Timeline): string[] {
  return timeline.map(({ from, state, cause, component, deviceKey }) =>
    [timeOf(from), `${state}/${cause}`, component, deviceKey].filter((part) => part !== undefined).join(' '),
  );
}

function timeOf(ms: number): string {
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  const pad = (n: number) => String(n).padStart(2, '0');
  return s === 0 ? `${h}:${pad(m)}` : `${h}:${pad(m)}:${pad(s)}`;
}
