import type { DeviceRecord } from '@uptally/protocol';
import fc from 'fast-check';
import type { Ingest } from '../../../src/ingest/index.ts';
import { type Clock, Speaker } from '../../ingest/support.ts';

/**
 * Random lives of devices, told through the real ingest: connected, cut off, switched off, ended cleanly; records that arrive late, twice,
 * in pieces, out of order, or never.
 */

const MINUTE = 60_000;
/** Beat interval of these devices: longer than usual, so that days pass in few records. */
const BEAT_MS = 10 * MINUTE;

const phase = fc.record({
  how: fc.constantFrom('online', 'online', 'online', 'cut', 'off', 'ended'),
  minutes: fc.integer({ min: 1, max: 700 }),
  /** Of what a cut-off device kept: sent newest first, in pieces of this size, some of it twice, some never. */
  newestFirst: fc.boolean(),
  piece: fc.integer({ min: 1, max: 40 }),
  twice: fc.boolean(),
  lost: fc.integer({ min: 0, max: 3 }),
  /** One in so many of what is sent is held back until days are final; 0: nothing. */
  held: fc.constantFrom(0, 1, 2, 3, 3),
  neverConnected: fc.boolean(),
  fault: fc.constantFrom(null, 'ok', 'warn', 'fault', 'absent', 'unknown'),
});
export type Phase = typeof phase extends fc.Arbitrary<infer T> ? T : never;

export const lives = fc.array(fc.array(phase, { minLength: 3, maxLength: 12 }), { minLength: 3, maxLength: 3 });

interface Kept {
  readonly boot: number;
  readonly seq: number;
  readonly mono: number;
  readonly rec: DeviceRecord;
}

/** One device: what it does in each minute, by its phases. */
export class Life {
  readonly #speaker: Speaker;
  readonly #clock: Clock;
  readonly #phases: readonly Phase[];
  readonly #ingests: readonly Ingest[];
  readonly #jitter: number;
  #seq = 0;
  #boot = 0;
  #session = 0;
  #bootedMs = 0;
  #on = false;
  #connected = false;
  #kept: Kept[] = [];
  readonly #held: Kept[][] = [];
  #sends = 0;

  constructor(options: {
    readonly deviceKey: number;
    readonly clock: Clock;
    readonly phases: readonly Phase[];
    readonly ingests: readonly Ingest[];
  }) {
    this.#speaker = new Speaker(options.deviceKey, options.clock);
    this.#clock = options.clock;
    this.#phases = options.phases;
    this.#ingests = options.ingests;
    this.#jitter = options.deviceKey * 7;
  }

  /** Lives one minute; `reachable` is false while the platform is out. */
  async minute(minute: number, reachable: boolean): Promise<void> {
    const now = this.#phaseAt(minute);
    if (now.how === 'off' || now.how === 'ended') return this.#stop(now, reachable);
    if (!this.#on) this.#start();
    if ((minute + this.#jitter) % 10 === 0) this.#tick(now, minute);
    const wants = now.how === 'online' && reachable;
    if (wants && !this.#connected) await this.#connect(now);
    if (!wants) this.#connected = false;
    if (this.#connected && this.#kept.length > 0) await this.#send(now);
  }

  /** Sends one in `share` of what was held back, at once and in no order. */
  async release(share: number): Promise<void> {
    if (!this.#on) this.#start();
    const now = this.#held.filter((_, i) => (i * 7) % share === 0);
    const later = this.#held.filter((kept) => !now.includes(kept));
    this.#held.splice(0, this.#held.length, ...later);
    await Promise.all(now.reverse().map((kept) => this.#batch(kept)));
  }

  #phaseAt(minute: number): Phase {
    let until = 0;
    for (const each of this.#phases) {
      until += each.minutes;
      if (minute < until) return each;
    }
    return this.#phases.at(-1) as Phase;
  }

  #start(): void {
    this.#on = true;
    this.#boot += 1;
    this.#bootedMs = this.#clock.ms;
    this.#keep({ k: 'event', d_mono: 0, code: 'boot' });
  }

  async #stop({ how }: Phase, reachable: boolean): Promise<void> {
    if (!this.#on) return;
    if (how === 'ended' && this.#connected && reachable) {
      await this.#speaker.status(this.#ingest(), { s: 'off', session: this.#session, clean: true });
    }
    this.#connected = false;
    if (how === 'ended' && this.#seq % 2 === 0) return; // the program runs on, without a session
    this.#on = false;
  }

  async #connect({ neverConnected }: Phase): Promise<void> {
    this.#connected = true;
    this.#session += 1;
    const message = { s: 'on', session: this.#session, boot: this.#boot, beat_ms: BEAT_MS } as const;
    await this.#speaker.status(
      this.#ingest(),
      neverConnected ? message : { ...message, mono_ms: this.#clock.ms - this.#bootedMs },
    );
  }

  #tick({ fault }: Phase, minute: number): void {
    this.#keep({ k: 'beat', d_mono: 0 });
    if (minute % 7 === 0) this.#keep({ k: 'sim', d_mono: 0, rx_bytes: 1, tx_bytes: 1 });
    if (minute % 3 === 0 && fault !== null) {
      const c = { printer: { s: fault }, [`part${minute % 2}`]: { s: minute % 5 === 0 ? 'fault' : 'ok' } } as const;
      this.#keep({ k: 'health', d_mono: 0, c, ...(minute % 4 === 0 ? { full: true } : {}) });
    }
  }

  #keep(rec: DeviceRecord): void {
    this.#kept.push({ boot: this.#boot, seq: this.#seq++, mono: this.#clock.ms - this.#bootedMs, rec });
  }

  async #send({ newestFirst, piece, twice, lost, held }: Phase): Promise<void> {
    const pieces: Kept[][] = [];
    for (const kept of this.#kept.splice(0)) {
      const last = pieces.at(-1);
      const before = last?.at(-1);
      if (last === undefined || before?.boot !== kept.boot || last.length >= piece) pieces.push([kept]);
      else last.push(kept);
    }
    if (pieces.length > 1 && lost > 0) pieces.splice(pieces.length >> 1, lost);
    const isHeld = (piece: readonly Kept[]): boolean => held > 0 && (piece[0]?.seq ?? 0) % (held + 1) === 0;
    this.#held.push(...pieces.filter(isHeld));
    const sent = pieces.filter((piece) => !isHeld(piece));
    if (newestFirst) sent.reverse();
    await Promise.all([...sent, ...(twice ? sent.slice(0, 2) : [])].map((each) => this.#batch(each)));
    const [first, second] = sent;
    if (twice && first !== undefined && second !== undefined && first[0]?.boot === second[0]?.boot) {
      const [a, b] = newestFirst ? [second, first] : [first, second];
      if (a.at(-1)?.seq === (b[0]?.seq ?? 0) - 1) await this.#batch([...a, ...b]);
    }
  }

  async #batch(kept: readonly Kept[]): Promise<void> {
    const [first] = kept;
    const last = kept.at(-1);
    if (first === undefined || last === undefined) return;
    const own = first.boot === this.#boot;
    const monoMs = own ? this.#clock.ms - this.#bootedMs : last.mono;
    await this.#speaker.rec(this.#ingest(), {
      seq0: first.seq,
      recs: kept.map(({ rec, mono }) => ({ ...rec, d_mono: monoMs - mono })),
      boot: first.boot,
      monoMs,
      sentMs: this.#clock.ms - (own ? 0 : 3 * MINUTE),
      ...(own ? {} : { cur: this.#boot }),
    });
  }

  #ingest(): Ingest {
    this.#sends += 1;
    const ingest = this.#ingests[this.#sends % this.#ingests.length];
    if (ingest === undefined) throw new Error('no ingest');
    return ingest;
  }
}
