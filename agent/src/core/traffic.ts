import { CounterMeter, netRecord, RoundTrips, simRecord } from './network.ts';
import type { Hardware, RadioReading, RecordBody, Store, UplinkReading } from './ports.ts';

/** What is known of the way to the platform: traffic, radio, round trips, the SIM card. Makes the `net` and `sim` records. */
export class Traffic {
  readonly #hardware: Hardware;
  readonly #store: Store;
  readonly #trips = new RoundTrips();
  #meter = new CounterMeter(null);
  #radio: RadioReading | null = null;
  #iccid: string | undefined;

  constructor(hardware: Hardware, store: Store) {
    this.#hardware = hardware;
    this.#store = store;
  }

  async start(): Promise<void> {
    this.#meter = new CounterMeter(await this.#store.load('counters'));
  }

  /** A round trip in ms; `null`: the answer never came. */
  roundTrip(rttMs: number | null): void {
    if (rttMs === null) this.#trips.lost();
    else this.#trips.answered(rttMs);
  }

  /** Reads modem and interface and keeps the counters. */
  async read(boot: number): Promise<UplinkReading> {
    const reading = await this.#hardware.uplink();
    if (reading.counters) {
      this.#meter.observe(reading.counters, boot);
      await this.#store.save('counters', this.#meter.state);
    }
    return reading;
  }

  records(wanted: { readonly net: boolean; readonly sim: boolean }, reading: UplinkReading): RecordBody[] {
    const bodies: RecordBody[] = [];
    const net = wanted.net ? netRecord(this.#trips, this.#meter, reading, this.#radio) : null;
    if (net) bodies.push(net);
    if (wanted.net && reading.radio) this.#radio = reading.radio;
    const sim = wanted.sim ? simRecord(this.#meter, reading) : null;
    if (sim) bodies.push(sim);
    const iccid = reading.sim?.iccid;
    if (iccid && this.#iccid && iccid !== this.#iccid) {
      bodies.push({ k: 'event', code: 'sim_changed', sev: 'warn', d: { from: this.#iccid, to: iccid } });
    }
    this.#iccid = iccid ?? this.#iccid;
    return bodies;
  }
}
