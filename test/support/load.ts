import { connect } from 'node:net';
import { MqttClient } from 'mqtt';
import { encodeBatch, topicOf } from '../../protocol/src/index.ts';
import type { ApiClient } from './platform.ts';

export interface Credentials {
  readonly device_id: string;
  readonly secret: string;
}

/** Enrols `count` devices with one counted token, through the API as a real device would. */
export async function enrolDevices(api: ApiClient, count: number, prefix = 'T'): Promise<readonly Credentials[]> {
  const expires = new Date(Date.now() + 3_600_000).toISOString();
  const { token } = await api.post<{ token: string }>('/enrolment-tokens', {
    label: 'load',
    uses_max: count,
    expires_at: expires,
  });
  const devices: Credentials[] = [];
  for (let i = 0; i < count; i++) {
    devices.push(await api.post<Credentials>('/enrol', { token, serial: `${prefix}${String(i).padStart(5, '0')}` }));
  }
  return devices;
}

/** A device that publishes one-record batches as fast as they are acknowledged and remembers which were. */
export class LoadDevice {
  readonly acknowledged: number[] = [];
  readonly #credentials: Credentials;
  readonly #client: MqttClient;
  readonly #bootMs = Date.now();
  #seq = 1;
  #stopped = false;
  /** Not yet acknowledged, kept like a spool: sent again after a reconnect. */
  readonly #open = new Set<number>();

  /** `port` is asked at every connection: a server that starts again takes another one. */
  constructor(credentials: Credentials, port: () => number, window = 5) {
    this.#credentials = credentials;
    this.#client = new MqttClient(() => connect(port(), '127.0.0.1'), {
      protocolVersion: 4,
      clean: true,
      reconnectPeriod: 150,
      connectTimeout: 3_000,
      clientId: credentials.device_id,
      username: credentials.device_id,
      password: credentials.secret,
      queueQoSZero: false,
    });
    this.#client.on('error', () => undefined);
    this.#client.on('connect', () => {
      for (const seq of this.#open) this.#publish(seq);
      while (this.#open.size < window && !this.#stopped) this.#next();
    });
  }

  #next(): void {
    if (this.#stopped) return;
    const seq = this.#seq++;
    this.#open.add(seq);
    this.#publish(seq);
  }

  #publish(seq: number): void {
    const nowMs = Date.now();
    const payload = encodeBatch({
      v: 1,
      boot: 1,
      seq0: seq,
      sent_ms: nowMs,
      mono_ms: nowMs - this.#bootMs + 1000,
      recs: [{ k: 'beat', d_mono: 0 }],
    });
    this.#client.publish(topicOf(this.#credentials.device_id, 'rec'), Buffer.from(payload), { qos: 1 }, (error) => {
      if (error !== undefined && error !== null) return;
      if (this.#open.delete(seq)) this.acknowledged.push(seq);
      this.#next();
    });
  }

  /** Stops publishing and cuts the connection. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#client.endAsync(true);
  }
}
