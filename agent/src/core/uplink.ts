import { encodeCbor, LIMITS, type StatusMessage } from '@uptally/protocol';
import { encodeEntries } from './batch.ts';
import { InFlight, type Sent } from './in-flight.ts';
import type { DevicePorts, Link, SpoolEntry, Timer } from './ports.ts';
import type { UplinkSettings } from './uplink-settings.ts';

/** Batches stay well below the packet limit, also if gzip does not help. */
const BATCH_BYTES = 96 * 1024;

type Ports = Pick<DevicePorts, 'clock' | 'spool' | 'transport' | 'random' | 'observer'>;

/**
 * The way to the platform: connects, with full jitter after failures, and moves the spool over. Two lanes: what is sampled while the
 * link is up goes at once, what waited from before follows in paced, compressed batches. An entry leaves the spool only when its PUBACK
 * is in; whatever was in flight when a link died is sent again from the spool, and the platform drops the doubles by `seq`.
 */
export class Uplink {
  readonly #ports: Ports;
  readonly #settings: UplinkSettings;
  #link: Link | null = null;
  #up = false;
  #stopped = true;
  #failures = 0;
  #session = 0;
  #retry: Timer | null = null;
  #watch: Timer | null = null;
  #pace: Timer | null = null;
  readonly #inFlight = new InFlight();
  #openedAtMs = 0;
  #pingWanted = false;
  /** Next entry of the live lane; entries from `#liveFrom` on belong to it. */
  #liveNext = 0;
  #liveFrom = 0;
  #backlogNext = 0;
  #pumping = false;
  #pumpAgain = false;
  #idle: (() => void) | null = null;

  constructor(ports: Ports, settings: UplinkSettings) {
    this.#ports = ports;
    this.#settings = settings;
  }

  get up(): boolean {
    return this.#up;
  }

  get session(): number {
    return this.#session;
  }

  start(): void {
    this.#stopped = false;
    this.#retryIn(0);
  }

  /** New entries are in the spool. `ping`: measure a round trip in the segment that carries them. */
  kick(ping = false): void {
    if (ping) this.#pingWanted = true;
    if (this.#up) this.#startPump();
  }

  /** Publishes something that is not kept: lost if the link is down. */
  say(channel: 'status' | 'ack', message: unknown): void {
    if (!this.#up || !this.#link) return;
    this.#publish(this.#link, channel, encodeCbor(message), { seq0: 0, count: 0, backlog: false });
  }

  birth(): void {
    this.say('status', this.#settings.birth(this.#session));
  }

  /** Ends the session in good order: waits up to `patienceMs` for what is in flight, says goodbye, disconnects. */
  async stop(patienceMs: number): Promise<void> {
    this.#stopped = true;
    this.#cancelTimers();
    const link = this.#link;
    if (!link) return;
    if (this.#up) {
      this.#startPump();
      await this.#settled(patienceMs);
      this.say('status', { v: 1, s: 'off', session: this.#session, clean: true } satisfies StatusMessage);
      await this.#settled(patienceMs);
    }
    this.#forget();
    link.end();
  }

  /** Drops everything at once, as a power cut would. */
  kill(): void {
    this.#stopped = true;
    this.#cancelTimers();
    const link = this.#link;
    this.#forget();
    link?.destroy();
  }

  #retryIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#retry = this.#ports.clock.setTimer(delayMs, () => {
      this.#open().catch((error: unknown) => {
        this.#ports.observer?.fault?.('connect', error);
        this.#down('error', false);
      });
    });
  }

  async #open(): Promise<void> {
    this.#session = await this.#settings.nextSession();
    if (this.#stopped) return;
    const { deviceId, keepaliveS, handlers } = this.#settings;
    const will: StatusMessage = { v: 1, s: 'off', session: this.#session, clean: false };
    this.#openedAtMs = this.#ports.clock.monoMs();
    let own: Link | null = null;
    const mine = () => own !== null && this.#link === own;
    own = this.#ports.transport.open(
      { deviceId, will: encodeCbor(will), keepaliveS: keepaliveS() },
      {
        onUp: () => mine() && this.#onUp(),
        onMessage: handlers.onMessage,
        onPuback: (id) => mine() && this.#onPuback(id),
        onPong: () => mine() && this.#onPong(),
        onDown: (reason, refused) => mine() && this.#down(reason, refused),
      },
    );
    this.#link = own;
    this.#watchAnswers();
  }

  #onUp(): void {
    this.#up = true;
    const { spool, observer } = this.#ports;
    this.#liveFrom = spool.nextSeq();
    this.#liveNext = this.#liveFrom;
    this.#backlogNext = 0;
    observer?.up?.(this.#session);
    this.birth();
    this.#startPump();
  }

  #onPuback(id: number): void {
    const batch = this.#inFlight.take(id);
    if (!batch) return;
    if (batch.count > 0) {
      this.#failures = 0;
      this.#ports.spool.ack(batch.seq0, batch.count);
      this.#ports.observer?.acked?.(batch.seq0, batch.count);
      if (batch.backlog) this.#rest();
      this.#startPump();
    }
    if (this.#inFlight.size === 0) this.#idle?.();
    this.#watchAnswers();
  }

  #onPong(): void {
    const rttMs = this.#inFlight.pong(this.#ports.clock.monoMs());
    if (rttMs !== null) this.#settings.onRoundTrip(rttMs);
    this.#watchAnswers();
  }

  #down(reason: string, refused: boolean): void {
    this.#forget();
    this.#failures++;
    const { backoffMinMs, backoffMaxMs } = this.#settings.tuning;
    // A refused device may be revoked for good: it asks rarely.
    const ceilingMs = refused
      ? backoffMaxMs
      : Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(this.#failures - 1, 20));
    const delayMs = Math.floor(this.#ports.random() * ceilingMs);
    this.#ports.observer?.down?.(reason, delayMs);
    this.#retryIn(delayMs);
  }

  #forget(): void {
    this.#link = null;
    this.#up = false;
    if (this.#inFlight.pinging) this.#settings.onRoundTrip(null);
    this.#inFlight.clear();
    this.#cancelTimers();
    this.#idle?.();
  }

  #cancelTimers(): void {
    this.#retry?.cancel();
    this.#watch?.cancel();
    this.#pace?.cancel();
    this.#retry = this.#watch = this.#pace = null;
  }

  #startPump(): void {
    if (this.#pumping) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = true;
    this.#pump()
      .catch((error: unknown) => this.#ports.observer?.fault?.('spool', error))
      .finally(() => {
        this.#pumping = false;
        if (!this.#pumpAgain) return;
        this.#pumpAgain = false;
        this.#startPump();
      });
  }

  async #pump(): Promise<void> {
    const link = this.#link;
    while (this.#up && link && link === this.#link && this.#inFlight.size < this.#settings.tuning.window) {
      const live = await this.#readLive();
      const entries = live ?? (await this.#readBacklog());
      if (!entries || link !== this.#link) return;
      const last = entries.at(-1);
      if (!last) return;
      if (live) this.#liveNext = last.seq + 1;
      else this.#backlogNext = last.seq + 1;
      this.#send(link, entries, !live);
    }
  }

  async #readLive(): Promise<readonly SpoolEntry[] | null> {
    const { spool } = this.#ports;
    const end = spool.nextSeq();
    if (this.#liveNext >= end) return null;
    const entries = await spool.read(this.#liveNext, end, { records: LIMITS.batchRecords, bytes: BATCH_BYTES });
    if (entries.length > 0) return entries;
    this.#liveNext = Math.max(this.#liveNext, end);
    return null;
  }

  async #readBacklog(): Promise<readonly SpoolEntry[] | null> {
    if (this.#pace || this.#backlogNext >= this.#liveFrom || this.#inFlight.hasBacklog) return null;
    const limit = { records: this.#settings.tuning.backlogRecords, bytes: BATCH_BYTES };
    const entries = await this.#ports.spool.read(this.#backlogNext, this.#liveFrom, limit);
    if (entries.length > 0) return entries;
    this.#backlogNext = this.#liveFrom;
    return null;
  }

  #rest(): void {
    this.#pace?.cancel();
    this.#pace = this.#ports.clock.setTimer(this.#settings.tuning.paceMs, () => {
      this.#pace = null;
      this.#startPump();
    });
  }

  #send(link: Link, entries: readonly SpoolEntry[], backlog: boolean): void {
    const first = entries[0];
    if (!first) return;
    const { clock, observer } = this.#ports;
    const now = { boot: this.#settings.boot, monoMs: clock.monoMs(), wallMs: clock.wallMs() };
    const payload = encodeEntries(entries, now);
    link.cork(() => {
      // The ping goes first: a broker that holds acknowledgements back until commit still answers it at once.
      if (this.#pingWanted && !this.#inFlight.pinging) {
        this.#pingWanted = false;
        this.#inFlight.ping(clock.monoMs());
        link.ping();
      }
      this.#publish(link, 'rec', payload, { seq0: first.seq, count: entries.length, backlog });
    });
    observer?.sent?.(entries, payload.length);
  }

  #publish(link: Link, channel: 'rec' | 'status' | 'ack', payload: Uint8Array, what: Omit<Sent, 'sentAtMs'>): void {
    const id = link.publish(channel, payload, channel === 'status');
    this.#inFlight.add(id, { ...what, sentAtMs: this.#ports.clock.monoMs() });
    if (!this.#watch) this.#watchAnswers();
  }

  /** Arms the watch on the oldest unanswered packet: a link that does not answer is dead, whatever TCP thinks. */
  #watchAnswers(): void {
    this.#watch?.cancel();
    this.#watch = null;
    const oldestMs = this.#up ? this.#inFlight.oldestMs : this.#link && this.#openedAtMs;
    if (oldestMs === null) return;
    const { answerMs } = this.#settings.tuning;
    const delayMs = Math.max(0, oldestMs + answerMs - this.#ports.clock.monoMs());
    this.#watch = this.#ports.clock.setTimer(delayMs, () => {
      this.#watch = null;
      const link = this.#link;
      if (!link) return;
      this.#down('no_answer', false);
      link.destroy();
    });
  }

  /** Resolves when nothing is in flight or unsent, at the latest after `patienceMs`. */
  async #settled(patienceMs: number): Promise<void> {
    if (this.#inFlight.size === 0 && !this.#pumping) return;
    await new Promise<void>((resolve) => {
      const timer = this.#ports.clock.setTimer(patienceMs, resolve);
      this.#idle = () => {
        timer.cancel();
        resolve();
      };
    });
    this.#idle = null;
  }
}
