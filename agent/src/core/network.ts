import type { RadioReading, RecordBody, UplinkCounters, UplinkReading } from './ports.ts';

/** A round trip that takes longer than this, ms, counts as lost (TCP hides loss as delay). */
const LOST_AFTER_MS = 5_000;

/** Round trips to the broker: mean, mean absolute difference of successive ones (jitter), sent and lost. */
export class RoundTrips {
  #sent = 0;
  #lost = 0;
  #count = 0;
  #sumMs = 0;
  #jitterSumMs = 0;
  #jitterCount = 0;
  #lastMs: number | null = null;

  answered(rttMs: number): void {
    this.#sent++;
    if (rttMs > LOST_AFTER_MS) {
      this.#lost++;
      return;
    }
    this.#count++;
    this.#sumMs += rttMs;
    if (this.#lastMs !== null) {
      this.#jitterSumMs += Math.abs(rttMs - this.#lastMs);
      this.#jitterCount++;
    }
    this.#lastMs = rttMs;
  }

  lost(): void {
    this.#sent++;
    this.#lost++;
  }

  /** The figures since the last call. The last round trip stays as the base of the next jitter. */
  take(): { rtt_ms?: number; jitter_ms?: number; sent?: number; lost?: number } {
    const figures = {
      ...(this.#count > 0 && { rtt_ms: tenth(this.#sumMs / this.#count) }),
      ...(this.#jitterCount > 0 && { jitter_ms: tenth(this.#jitterSumMs / this.#jitterCount) }),
      ...(this.#sent > 0 && { sent: this.#sent, lost: this.#lost }),
    };
    this.#sent = this.#lost = this.#count = this.#sumMs = this.#jitterSumMs = this.#jitterCount = 0;
    return figures;
  }
}

/** Whole ms above 20 ms: a CBOR integer instead of a nine-byte float. */
function tenth(ms: number): number {
  return ms >= 20 ? Math.round(ms) : Math.round(ms * 10) / 10;
}

/** What {@link CounterMeter} keeps across restarts. */
export interface MeterState {
  boot: number;
  src: string;
  last: readonly [rx: number, tx: number, packets: number, errors: number];
  /** Counted but not yet reported. */
  open: [rx: number, tx: number, packets: number, errors: number];
}

/** Turns counters that reset (reboot, modem restart, another source) into deltas that miss and double nothing. */
export class CounterMeter {
  #state: MeterState | null;

  constructor(kept: unknown) {
    this.#state = isMeterState(kept) ? kept : null;
  }

  get state(): MeterState | null {
    return this.#state;
  }

  /** Takes a reading in. The very first reading of a device is only the base. */
  observe(counters: UplinkCounters, boot: number): void {
    const now = [counters.rxBytes, counters.txBytes, counters.packets ?? 0, counters.packetErrors ?? 0] as const;
    const state = this.#state;
    if (state === null || (state.src !== counters.src && state.boot === boot)) {
      this.#state = { boot, src: counters.src, last: now, open: state?.open ?? [0, 0, 0, 0] };
      return;
    }
    const restarted = state.boot !== boot || now[0] < state.last[0] || now[1] < state.last[1];
    const base = restarted ? ([0, 0, 0, 0] as const) : state.last;
    const open = state.open.map((sum, i) => sum + Math.max(0, (now[i] ?? 0) - (base[i] ?? 0)));
    this.#state = { boot, src: counters.src, last: now, open: open as MeterState['open'] };
  }

  takeBytes(): { rx_bytes: number; tx_bytes: number } {
    const [rx = 0, tx = 0] = this.#state?.open ?? [];
    if (this.#state) this.#state.open = [0, 0, this.#state.open[2], this.#state.open[3]];
    return { rx_bytes: rx, tx_bytes: tx };
  }

  takePackets(): { pkt: number; pkt_err: number } {
    const [, , pkt = 0, pkt_err = 0] = this.#state?.open ?? [];
    if (this.#state) this.#state.open = [this.#state.open[0], this.#state.open[1], 0, 0];
    return { pkt, pkt_err };
  }
}

function isMeterState(value: unknown): value is MeterState {
  const state = value as MeterState | null;
  return (
    typeof state?.boot === 'number' &&
    typeof state.src === 'string' &&
    [state.last, state.open].every((list) => Array.isArray(list) && list.length === 4 && list.every(Number.isFinite))
  );
}

type Net = Extract<RecordBody, { k: 'net' }>;
type Sim = Extract<RecordBody, { k: 'sim' }>;

/** A net record; words that did not change since the last one are left out, they cost more than all the figures. */
export function netRecord(
  trips: RoundTrips,
  meter: CounterMeter,
  reading: UplinkReading,
  told: RadioReading | null,
): Net | null {
  const radio: Record<string, unknown> = { ...reading.radio };
  for (const word of ['operator', 'rat', 'cell'] as const) if (told?.[word] === radio[word]) delete radio[word];
  const packets = reading.counters?.packets === undefined ? {} : meter.takePackets();
  const figures = { ...trips.take(), ...packets, ...radio };
  return Object.keys(figures).length === 0 ? null : { k: 'net', ...figures };
}

/** A SIM use record, `null` if the device has no counters. */
export function simRecord(meter: CounterMeter, reading: UplinkReading): Sim | null {
  if (!reading.counters) return null;
  return { k: 'sim', ...meter.takeBytes(), src: reading.counters.src, ...reading.sim };
}
