import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { PasswordHasher } from './auth/passwords.ts';
import type { Sealer } from './auth/sealing.ts';
import type { Pool } from './db/index.ts';
import type { ReadinessCheck } from './metrics/checks.ts';

/** Where devices reach MQTT, as told to them at enrolment. A port is null if that listener is off. */
export interface MqttAddresses {
  /** Null: the host name under which the caller reached the API. */
  readonly host: string | null;
  readonly port: number | null;
  readonly tlsPort: number | null;
  readonly wsPort: number | null;
  /** Certificate of the authority that signed the broker's, PEM; null if publicly trusted or without TLS. */
  readonly caPem: string | null;
}

/** What the HTTP side needs to know of the configuration. */
export interface ApiSettings {
  readonly version: string;
  /** Origin under which browsers reach the console, e.g. `https://uptally.example.cn`; null: whatever host they used. */
  readonly publicUrl: string | null;
  /** Folder of the built console; null: API only. */
  readonly webRoot: string | null;
  /** Addresses of reverse proxies whose `X-Forwarded-*` are believed. */
  readonly trustProxy: boolean | string | string[];
  /** Bearer token for `/metrics`; null: loopback addresses only. */
  readonly metricsToken: string | null;
  /** Token that signs delivery reports of the SMS provider; without one none is believed. */
  readonly smsAuthToken?: string | null;
  /** IANA zone in which days and months of the trade begin. */
  readonly timeZone: string;
  /** Delay of the event loop beyond which requests are turned away, ms; 0: never. */
  readonly overloadDelayMs?: number;
  /** Folder of private keys, and of evidence bundles that wait to be fetched. */
  readonly keyDir: string;
  readonly bundleDir: string;
  /** Folder of documents that were made in the background. */
  readonly documentDir: string;
  /** Folder of the agent's package, whose program terminals may fetch; undefined: none. */
  readonly agentDir?: string;
}

/** What every capability gets. Built once by the composition root; nothing in it is global. */
export interface AppContext {
  readonly pool: Pool;
  readonly settings: ApiSettings;
  readonly log: FastifyBaseLogger;
  /** Unix ms. The only clock that routes and services may read. */
  readonly clock: () => number;
  readonly passwords: PasswordHasher;
  readonly sealer: Sealer;
  /** Metrics of this process. */
  readonly metrics: Registry;
  /** Address of the alerts program's metrics, told along with ours; null while it is down, undefined: we keep none. */
  readonly alertsMetrics?: () => string | null;
  readonly mqtt: () => MqttAddresses;
  readonly readiness: readonly ReadinessCheck[];
}
