/** Settings of the two programs of this package, read once. Every fault is reported by the name of its setting. */

type Env = Readonly<Record<string, string | undefined>>;

export interface AlertsConfig {
  readonly databaseUrl: string;
  readonly twilio: {
    readonly accountSid: string;
    readonly authToken: string;
    readonly from: string;
    readonly baseUrl: string | null;
  };
  /** Where delivery reports are posted; null: none, the provider is asked. */
  readonly statusCallback: string | null;
  readonly signature: string;
  readonly timeZone: string;
  /** Loopback port of this process's metrics; 0 takes a free one. */
  readonly metricsPort: number;
  readonly logLevel: string;
}

export interface SandboxConfig {
  readonly host: string;
  readonly port: number;
  readonly accountSid: string;
  readonly authToken: string;
  readonly file: string | null;
  readonly timeZone: string;
  readonly logLevel: string;
}

/** Settings that can't be used, one line each. */
export class ConfigError extends Error {
  constructor(faults: readonly string[]) {
    super(`configuration is not usable:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'ConfigError';
  }
}

const ACCOUNT_SID = /^AC[0-9a-f]{32}$/;

/** Configuration of the alerts process. @throws ConfigError */
export function readAlertsConfig(env: Env): AlertsConfig {
  const read = new Reader(env);
  const publicUrl = read.url('UPTALLY_PUBLIC_URL');
  const config = {
    databaseUrl: read.required('DATABASE_URL'),
    twilio: {
      accountSid: read.accountSid(),
      authToken: read.required('TWILIO_AUTH_TOKEN'),
      from: read.required('TWILIO_FROM'),
      baseUrl: read.url('TWILIO_BASE_URL'),
    },
    statusCallback:
      read.url('SMS_STATUS_URL') ??
      (publicUrl === null ? null : `${publicUrl.replace(/\/$/, '')}/api/v1/twilio/status`),
    signature: read.text('SMS_SIGNATURE') ?? 'Uptally',
    timeZone: read.timeZone(),
    metricsPort: read.port('ALERTS_METRICS_PORT', 0),
    logLevel: read.text('LOG_LEVEL') ?? 'info',
  };
  read.finish();
  return config;
}

/** Configuration of the local SMS server. @throws ConfigError */
export function readSandboxConfig(env: Env): SandboxConfig {
  const read = new Reader(env);
  const config = {
    host: read.text('SMS_SANDBOX_HOST') ?? '127.0.0.1',
    port: read.port('SMS_SANDBOX_PORT', 8084),
    accountSid: read.accountSid(),
    authToken: read.required('TWILIO_AUTH_TOKEN'),
    file: read.text('SMS_SANDBOX_FILE'),
    timeZone: read.timeZone(),
    logLevel: read.text('LOG_LEVEL') ?? 'info',
  };
  read.finish();
  return config;
}

class Reader {
  readonly #env: Env;
  readonly #faults: string[] = [];

  constructor(env: Env) {
    this.#env = env;
  }

  text(name: string): string | null {
    const value = this.#env[name]?.trim();
    return value === undefined || value === '' ? null : value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === null) this.#faults.push(`${name}: missing`);
    return value ?? '';
  }

  accountSid(): string {
    const value = this.required('TWILIO_ACCOUNT_SID');
    if (value !== '' && !ACCOUNT_SID.test(value)) {
      this.#faults.push('TWILIO_ACCOUNT_SID: an account id is AC and 32 hexadecimal digits');
    }
    return value;
  }

  url(name: string): string | null {
    const value = this.text(name);
    if (value !== null && !(URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) {
      this.#faults.push(`${name}: "${value}" is not an http(s) URL`);
    }
    return value;
  }

  port(name: string, fallback: number): number {
    const value = Number(this.text(name) ?? fallback);
    if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
    this.#faults.push(`${name}: not a port`);
    return fallback;
  }

  timeZone(): string {
    const value = this.text('UPTALLY_TIME_ZONE') ?? 'Asia/Shanghai';
    try {
      new Intl.DateTimeFormat('en', { timeZone: value });
    } catch {
      this.#faults.push(`UPTALLY_TIME_ZONE: "${value}" is not an IANA time zone`);
    }
    return value;
  }

  finish(): void {
    if (this.#faults.length > 0) throw new ConfigError(this.#faults);
  }
}
