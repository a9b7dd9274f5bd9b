import { encodeReplayFrame, type ReplayFrame } from '@uptally/protocol/replay';
import type { Window } from '../history/incidents.ts';
import { type Legacy, PastDevice, type PastDeviceOptions } from './past-device.ts';
import type { PlatformTimes } from './platform-times.ts';

/** What differs between devices; the rest is the fleet's. */
export type PastMember = Omit<PastDeviceOptions, 'receive' | 'platform'>;

export interface PastFleetOptions {
  readonly members: readonly PastMember[];
  readonly platform: PlatformTimes;
  readonly window: Window;
}

/** Where frames go. Resolves when the next ones may come. */
export type FrameWriter = (frames: Uint8Array, records: number) => Promise<void>;

/** Virtual time between two marks, ms: long, since storing many records of a device at once costs little more than storing one. */
const STRIDE_MS = 24 * 3_600_000;

/**
 * A fleet that lives through its past, as fast as this machine can. Devices know nothing of each other, so each has its own time and all
 * do their next thing in turn: what one of them began has ended in microtasks when its turn comes again.
 */
export class PastFleet {
  readonly #options: PastFleetOptions;
  readonly #devices: readonly PastDevice[];
  readonly #said: ReplayFrame[][];

  constructor(options: PastFleetOptions) {
    this.#options = options;
    this.#said = options.members.map(() => []);
    this.#devices = options.members.map(
      (member, i) =>
        new PastDevice({
          ...member,
          platform: options.platform,
          receive: (kind, atMs, payload) => this.#said[i]?.push({ kind, atMs, deviceId: member.deviceId, payload }),
        }),
    );
  }

  /** Lives until the end of the window; `write` gets what the platform received, in frames. */
  async live(write: FrameWriter, progress: (atMs: number) => void = () => undefined): Promise<void> {
    const { window, platform, members } = this.#options;
    let atMs = Math.min(window.fromMs, ...members.map(({ startMs }) => startMs));
    let writing = Promise.resolve();
    await write(encodeReplayFrame({ kind: 'up', atMs: Math.floor(atMs) }), 0);
    while (atMs < window.untilMs) {
      const endMs = Math.min(window.untilMs, atMs + STRIDE_MS);
      await this.#advance(endMs);
      await writing;
      const changes = platform.outages.flatMap(({ fromMs, untilMs }): ReplayFrame[] => [
        ...(fromMs >= atMs && fromMs < endMs ? [{ kind: 'down' as const, atMs: fromMs }] : []),
        ...(untilMs >= atMs && untilMs < endMs ? [{ kind: 'up' as const, atMs: untilMs }] : []),
      ]);
      const said = this.#said.flatMap((messages) => messages.splice(0));
      const frames = [...changes, ...said, { kind: 'mark' as const, atMs: Math.floor(endMs) }];
      writing = write(Buffer.concat(frames.map(encodeReplayFrame)), said.length);
      progress(endMs);
      atMs = endMs;
    }
    await writing;
  }

  /** Ends all devices without a word and tells where each stands, in the order of the members. */
  end(): Legacy[] {
    return this.#devices.map((device) => device.end());
  }

  async #advance(untilMs: number): Promise<void> {
    let busy = this.#devices;
    while (busy.length > 0) {
      busy = busy.filter((device) => device.step(untilMs));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
