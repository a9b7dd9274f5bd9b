import type {
  CommandOp,
  CommandOutcome,
  ComponentReport,
  DownChannel,
  KnownRecord,
  SimRecord,
  UpChannel,
} from '@uptally/protocol';

/**
 * What the device core needs from the world. The agent injects Linux, disk and MQTT; the simulator injects virtual hardware,
 * memory and its own clock. The core itself does no I/O and reads no clock.
 */

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since this boot began, never going back. Fractions allowed. The same boot keeps one time line across restarts of the program. */
  monoMs(): number;
  /** Wall clock, Unix ms. Not trusted. */
  wallMs(): number;
  setTimer(delayMs: number, run: () => void): Timer;
}

type WithoutAge<R> = R extends unknown ? Omit<R, 'd_mono'> : never;
/** A record as the core makes it: its age is only known when it is sent. */
export type RecordBody = WithoutAge<KnownRecord>;

/** One reading of all parts: components by name, metrics by name with the unit in the name. */
export interface HealthPicture {
  readonly c: Readonly<Record<string, ComponentReport>>;
  readonly m: Readonly<Record<string, number>>;
}

/** Counters of the uplink since some reset (boot, modem restart). The core makes deltas of them. */
export interface UplinkCounters {
  readonly src: NonNullable<SimRecord['src']>;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly packets?: number;
  readonly packetErrors?: number;
}

export interface RadioReading {
  readonly signal_dbm?: number;
  readonly rsrp_dbm?: number;
  readonly rsrq_db?: number;
  readonly sinr_db?: number;
  readonly operator?: string;
  readonly rat?: string;
  readonly cell?: string;
}

/** What is known of the way to the platform at one moment; parts that can't be read are left out. */
export interface UplinkReading {
  readonly counters?: UplinkCounters;
  readonly radio?: RadioReading;
  readonly sim?: { readonly iccid?: string; readonly imsi?: string; readonly imei?: string };
}

export interface Hardware {
  /**
   * Reads every part. A part that fails to answer is reported in the picture, never thrown. `fresh`: also those whose last answer
   * would otherwise be repeated for a while, because asking wears them or takes long.
   */
  probe(fresh?: boolean): Promise<HealthPicture>;
  uplink(): Promise<UplinkReading>;
  /** Facts that rarely change (model, serial, kernel...), sent as an `inventory` event after each start. */
  inventory(): Promise<Readonly<Record<string, unknown>>>;
}

/** A record with its time and place in the history of the device. */
export interface Sample {
  readonly boot: number;
  /** Monotonic clock of `boot` when it was taken, whole ms. */
  readonly monoMs: number;
  /** Wall clock when it was taken, whole ms. */
  readonly wallMs: number;
  readonly rec: RecordBody;
}

export interface SpoolEntry extends Sample {
  readonly seq: number;
}

export interface SpoolOpening {
  /** Bytes of damaged or torn entries that were skipped at opening; 0 if all was well. */
  readonly damagedBytes: number;
  /** Entries found waiting. */
  readonly waiting: number;
}

export interface SpoolDrops {
  /** Records without evidence (log, net, sim, readings) given up for lack of space. */
  readonly detail: number;
  /** Beats, events, results and component states given up. */
  readonly evidence: number;
}

export interface SpoolLimit {
  readonly records: number;
  /** Sum of the encoded sizes, approximately. */
  readonly bytes: number;
}

/** Records waiting to be acknowledged by the platform, in order of `seq`. A `seq` is never given twice, whatever happens. */
export interface Spool {
  open(): Promise<SpoolOpening>;
  /** Keeps samples; resolved once they survive a power cut. Calls may overlap; entries get their `seq` in the order of the calls. */
  append(samples: readonly Sample[]): Promise<readonly SpoolEntry[]>;
  /** The first run of waiting entries within `[fromSeq, toSeq)`: of one boot, without a gap, within `limit` (at least one). */
  read(fromSeq: number, toSeq: number, limit: SpoolLimit): Promise<readonly SpoolEntry[]>;
  /** The platform has committed these. */
  ack(seq0: number, count: number): void;
  /** The `seq` after the newest entry that is kept. */
  nextSeq(): number;
  stats(): { readonly waiting: number; readonly bytes: number };
  /** Drops since the last call; `null` if none. */
  takeDrops(): SpoolDrops | null;
  close(): Promise<void>;
}

/** Small documents kept across restarts. A resolved `save` survives a power cut; `load` gives `null` for what is missing or damaged. */
export interface Store {
  load(key: StoreKey): Promise<unknown>;
  save(key: StoreKey, value: unknown): Promise<void>;
}
export type StoreKey = 'identity' | 'config' | 'commands' | 'counters';

export interface LinkHandlers {
  /** Accepted and subscribed. No handler is called before `open` has returned. */
  onUp(): void;
  /** The platform speaks. The message is acknowledged to the broker once the promise resolves. */
  onMessage(channel: DownChannel, payload: Uint8Array): Promise<void>;
  onPuback(packetId: number): void;
  onPong(): void;
  /** The link is gone, said exactly once; nothing else follows. `refused`: the broker does not accept our credentials. */
  onDown(reason: string, refused: boolean): void;
}

export interface Link {
  /** Sends at QoS 1 and returns the packet id that `onPuback` will name. */
  publish(channel: UpChannel, payload: Uint8Array, retain: boolean): number;
  ping(): void;
  /** Everything sent during `run` leaves in one segment. */
  cork(run: () => void): void;
  /** DISCONNECT, then close; `onDown` still follows. */
  end(): void;
  /** Drops the connection without a word; `onDown` still follows. */
  destroy(): void;
}

export interface ConnectRequest {
  readonly deviceId: string;
  /** Payload of the will on `status`, QoS 1, retained. */
  readonly will: Uint8Array;
  /** MQTT keepalive, s. The core does not ping for it: beats keep the connection alive. */
  readonly keepaliveS: number;
}

/** An MQTT 3.1.1 client, clean session false, subscribed to `cmd` and `cfg` at QoS 1. Knows host and credentials. */
export interface Transport {
  open(request: ConnectRequest, handlers: LinkHandlers): Link;
}

export interface CommandOutcomeReport {
  readonly state: Exclude<CommandOutcome, 'expired'>;
  /** Stable reason of a failure. */
  readonly code?: string;
  readonly d?: Readonly<Record<string, unknown>>;
}

export interface CommandExecutor {
  /** Carries a command out, once. `rebooting` means: done if the device comes up with a new boot, failed if it does not. */
  execute(op: CommandOp, args: Readonly<Record<string, unknown>>): Promise<CommandOutcomeReport | 'rebooting'>;
}

/** For status display, tests and benchmarks. All optional; called synchronously, must not throw. */
export interface Observer {
  up?(session: number): void;
  down?(reason: string, retryInMs: number): void;
  /** A batch left for the broker. */
  sent?(entries: readonly SpoolEntry[], payloadBytes: number): void;
  /** The platform has committed `[seq0, seq0 + count)`. */
  acked?(seq0: number, count: number): void;
  picture?(picture: HealthPicture): void;
  command?(id: string, state: string): void;
  fault?(where: string, error: unknown): void;
}

export interface DevicePorts {
  readonly clock: Clock;
  readonly hardware: Hardware;
  readonly spool: Spool;
  readonly store: Store;
  readonly transport: Transport;
  readonly executor: CommandExecutor;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly observer?: Observer;
}
