import { resolve } from 'node:path';

/** Parts of the platform that one process can play. `all` of them make the all-in-one server. */
export const ROLES = ['broker', 'ingest', 'api', 'scheduler', 'alerts'] as const;
export type Role = (typeof ROLES)[number];

export interface Config {
  readonly roles: ReadonlySet<Role>;
  /** Where everything is kept. A demo has a folder of its own unless told otherwise: it never shares a database with a real fleet. */
  readonly dataDir: string;
  /** Server TimescaleDB; null starts the embedded one under `dataDir`. */
  readonly databaseUrl: string | null;
  /** External MQTT broker; null starts the built-in one. */
  readonly mqtt: { readonly url: string; readonly username: string | null; readonly password: string | null } | null;
  readonly redisUrl: string | null;
  readonly http: { readonly host: string; readonly port: number };
  /** Where a process without console and API answers to probes; null: nowhere, because it has an API or no port was set. */
  readonly probes: { readonly host: string; readonly port: number } | null;
  /** Port of each listener; null turns it off, 0 takes a free one. */
  readonly listeners: {
    readonly host: string;
    readonly tcp: number | null;
    readonly tls: number | null;
    readonly ws: number | null;
  };
  /** Address under which people and devices reach us, as told at enrolment and in SMS; null derives it from the request. */
  readonly publicUrl: string | null;
  readonly selfAgent: boolean;
  readonly demo: { readonly devices: number; readonly historyDays: number; readonly seed: number } | null;
  readonly twilio: {
    /** null: the local SMS sandbox stands in. */
    readonly accountSid: string | null;
    readonly authToken: string | null;
    readonly from: string | null;
    readonly baseUrl: string | null;
  };
  /** Port of the local SMS sandbox, loopback only. */
  readonly smsSandboxPort: number;
  /** Reverse proxies in front of the API: addresses, networks, or `loopback`, `uniquelocal`; their forwarding headers are believed. */
  readonly trustedProxies: readonly string[];
  readonly metricsToken: string | null;
  /** What stored secrets are encrypted with; null: a key in the data folder, made at the first start. */
  readonly secretKey: string | null;
  readonly logLevel: LogLevel;
  readonly timeZone: string;
  /** Files of reports and other documents are removed after so many days. */
  readonly documentDays: number;
  /** Files of evidence bundles are removed after so many days, or beyond so many bytes in all, the oldest first. */
  readonly bundles: { readonly days: number; readonly maxBytes: number };
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Settings that can't be used. One line for each fault, naming the setting. */
export class ConfigError extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(`configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

type Env = Readonly<Record<string, string | undefined>>;

/** Reads settings one by one and remembers what is wrong with them. */
class Reader {
  readonly faults: string[] = [];
  readonly #env: Env;
  constructor(env: Env) {
    this.#env = env;
  }

  text(name: string): string | null {
    const value = this.#env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  /** A setting that must not be guessed: at least so many characters. */
  secret(name: string, minLength: number): string | null {
    const value = this.text(name);
    if (value !== null && value.length < minLength) this.faults.push(`${name}: shorter than ${minLength} characters`);
    return value;
  }

  list(name: string): readonly string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  }

  url(name: string, protocols: readonly string[]): string | null {
    const value = this.text(name);
    if (value === null) return null;
    const protocol = URL.canParse(value) ? new URL(value).protocol.slice(0, -1) : null;
    if (protocol === null || !protocols.includes(protocol)) {
      this.faults.push(
        `${name}: "${value}" is not a URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`,
      );
    }
    return value;
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === null) return fallback;
    const number = Number(value);
    if (Number.isInteger(number) && number >= min && number <= max) return number;
    this.faults.push(`${name}: "${value}" is not a whole number from ${min} to ${max}`);
    return fallback;
  }

  /** A port, or null if the setting says "off". */
  port(name: string, fallback: number): number | null {
    return this.text(name) === 'off' ? null : this.integer(name, fallback, 0, 65_535);
  }

  flag(name: string, fallback: boolean): boolean {
    const value = this.text(name)?.toLowerCase();
    if (value === undefined) return fallback;
    if (['1', 'true', 'yes', 'on'].includes(value)) return true;
    if (['0', 'false', 'no', 'off'].includes(value)) return false;
    this.faults.push(`${name}: "${value}" is neither 1 nor 0`);
    return fallback;
  }

  choice<const T extends readonly string[]>(name: string, values: T, fallback: T[number]): T[number] {
    const value = this.text(name);
    if (value === null || values.includes(value)) return value ?? fallback;
    this.faults.push(`${name}: "${value}" is none of ${values.join(', ')}`);
    return fallback;
  }

  roles(): ReadonlySet<Role> {
    const wanted = (this.text('UPTALLY_ROLES') ?? 'all').split(',').map((role) => role.trim());
    if (wanted.includes('all')) return new Set(ROLES);
    const unknown = wanted.filter((role) => !(ROLES as readonly string[]).includes(role));
    if (unknown.length > 0)
      this.faults.push(`UPTALLY_ROLES: ${unknown.join(', ')} is none of all, ${ROLES.join(', ')}`);
    return new Set(ROLES.filter((role) => wanted.includes(role)));
  }

  timeZone(name: string, fallback: string): string {
    const value = this.text(name) ?? fallback;
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
      return value;
    } catch {
      this.faults.push(`${name}: "${value}" is not an IANA time zone`);
      return fallback;
    }
  }
}

/** Reads and checks the whole configuration. Throws a {@link ConfigError} that names every fault at once. */
export function readConfig(env: Env): Config {
  const r = new Reader(env);
  const isDemo = r.flag('UPTALLY_DEMO', false);
  const mqttUrl = r.url('MQTT_URL', ['mqtt', 'mqtts', 'ws', 'wss']);
  const roles = r.roles();
  const http = { host: r.text('HTTP_HOST') ?? '0.0.0.0', port: r.integer('HTTP_PORT', 8080, 0, 65_535) };
  const config: Config = {
    roles,
    databaseUrl: r.url('DATABASE_URL', ['postgres', 'postgresql']),
    mqtt:
      mqttUrl === null ? null : { url: mqttUrl, username: r.text('MQTT_USERNAME'), password: r.text('MQTT_PASSWORD') },
    redisUrl: r.url('REDIS_URL', ['redis', 'rediss']),
    dataDir: resolve(r.text('UPTALLY_DATA') ?? (isDemo ? './data/demo' : './data')),
    http,
    probes: roles.has('api') || r.text('HTTP_PORT') === null ? null : http,
    listeners: {
      host: r.text('MQTT_HOST') ?? '0.0.0.0',
      tcp: r.port('MQTT_PORT', 1883),
      tls: r.port('MQTT_TLS_PORT', 8883),
      ws: r.port('MQTT_WS_PORT', 8083),
    },
    publicUrl: r.url('UPTALLY_PUBLIC_URL', ['http', 'https']),
    selfAgent: r.flag('UPTALLY_SELF_AGENT', true),
    demo: isDemo
      ? {
          devices: r.integer('UPTALLY_DEMO_DEVICES', 2754, 1, 2754),
          historyDays: r.integer('UPTALLY_DEMO_DAYS', 14, 0, 60),
          seed: r.integer('UPTALLY_DEMO_SEED', 1, 0, 2 ** 31 - 1),
        }
      : null,
    twilio: {
      accountSid: r.text('TWILIO_ACCOUNT_SID'),
      authToken: r.text('TWILIO_AUTH_TOKEN'),
      from: r.text('TWILIO_FROM'),
      baseUrl: r.url('TWILIO_BASE_URL', ['http', 'https']),
    },
    smsSandboxPort: r.integer('SMS_SANDBOX_PORT', 8084, 0, 65_535),
    trustedProxies: r.list('TRUSTED_PROXIES'),
    metricsToken: r.text('METRICS_TOKEN'),
    secretKey: r.secret('UPTALLY_SECRET_KEY', 32),
    logLevel: r.choice('LOG_LEVEL', LOG_LEVELS, 'info'),
    timeZone: r.timeZone('UPTALLY_TIME_ZONE', 'Asia/Shanghai'),
    documentDays: r.integer('UPTALLY_DOCUMENT_DAYS', 1100, 1, 36_500),
    bundles: {
      days: r.integer('UPTALLY_BUNDLE_DAYS', 400, 1, 36_500),
      maxBytes: r.integer('UPTALLY_BUNDLE_MB', 20_000, 1, 100_000_000) * 1_000_000,
    },
  };
  checkTogether(config, r.faults);
  if (r.faults.length > 0) throw new ConfigError(r.faults);
  return config;
}

/** Faults that only show when settings are seen together. */
function checkTogether(config: Config, faults: string[]): void {
  const { accountSid, authToken, from } = config.twilio;
  const given = [accountSid, authToken, from].filter((value) => value !== null).length;
  if (given !== 0 && given !== 3) {
    faults.push(
      'TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM: give all three, or none for the local SMS sandbox',
    );
  }
  if (config.databaseUrl === null && config.roles.size < ROLES.length) {
    faults.push(
      'UPTALLY_ROLES: the embedded database serves one all-in-one server only; set DATABASE_URL to split roles',
    );
  }
  if (config.roles.has('broker') && !config.roles.has('ingest') && config.mqtt === null) {
    faults.push('UPTALLY_ROLES: the built-in broker hands over to ingest in the same process: name both');
  }
}
