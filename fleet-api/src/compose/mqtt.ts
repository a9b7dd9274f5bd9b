import { join } from 'node:path';
import { type Broker, brokerMetrics, createBroker, type Downlink, type Sink } from '@uptally/broker';
import type { Config } from '../config.ts';
import type { MqttAddresses } from '../context.ts';
import { createDeviceAuthenticator } from '../enrolment/authenticator.ts';
import { createMqttUplink } from '../ingest/mqtt-client.ts';
import { ensureCertificates } from '../tls/certificates.ts';
import type { Parts } from './parts.ts';

/** The way to and from devices: the built-in broker, or a client of an external one. */
export interface DeviceTransport {
  readonly downlink: Downlink;
  /** True while devices can reach us: listeners are open, or the sessions with the external broker stand. */
  readonly isOpen: () => boolean;
  /** Ports of the built-in broker's listeners; null with an external one. */
  readonly ports: { readonly tcp: number | null; readonly tls: number | null; readonly ws: number | null } | null;
}

/** Starts the configured transport; what it brings goes to `sink`. */
export async function startTransport(parts: Parts, sink: Sink): Promise<DeviceTransport> {
  const { config, log, stack, pool } = parts;
  if (config.mqtt !== null) {
    const uplink = createMqttUplink({ ...config.mqtt, pool, sink, log, clock: parts.clock });
    await uplink.start();
    stack.push('mqtt client', () => uplink.stop());
    return { downlink: uplink, isOpen: () => uplink.connected, ports: null };
  }
  const broker = await createBuiltIn(parts, sink);
  await broker.start();
  stack.push('broker', () => broker.stop());
  brokerMetrics(parts.metrics, broker);
  const { tcp, tls, ws } = broker.addresses;
  const ports = { tcp: tcp?.port ?? null, tls: tls?.port ?? null, ws: ws?.port ?? null };
  return { downlink: broker, isOpen: () => broker.listening, ports };
}

async function createBuiltIn({ config, log, pool, clock }: Parts, sink: Sink): Promise<Broker> {
  const { host, tcp, tls, ws } = config.listeners;
  const certificates = tls === null ? null : await certificatesOf(config, clock());
  return createBroker({
    listeners: {
      ...(tcp === null ? {} : { tcp: { host, port: tcp } }),
      ...(tls === null || certificates === null
        ? {}
        : { tls: { host, port: tls, key: certificates.keyPem, cert: certificates.certPem } }),
      ...(ws === null ? {} : { ws: { host, port: ws } }),
    },
    authenticator: createDeviceAuthenticator(pool),
    sink,
    logger: log,
    now: clock,
    ...(config.redisUrl === null ? {} : { redisUrl: config.redisUrl }),
  });
}

function certificatesOf(config: Config, nowMs: number) {
  const publicName = config.publicUrl === null ? [] : [new URL(config.publicUrl).hostname];
  return ensureCertificates(join(config.dataDir, 'tls'), nowMs, publicName);
}

/** What devices are told at enrolment. A process without the broker tells the configured ports. */
export async function addressesForDevices(
  config: Config,
  ports: DeviceTransport['ports'],
  nowMs: number,
): Promise<MqttAddresses> {
  const host = config.publicUrl === null ? null : new URL(config.publicUrl).hostname;
  if (config.mqtt !== null) return externalAddresses(config.mqtt.url);
  const { tcp, tls, ws } = ports ?? config.listeners;
  const caPem = tls === null ? null : (await certificatesOf(config, nowMs)).caPem;
  return { host, port: tcp, tlsPort: tls, wsPort: ws, caPem };
}

function externalAddresses(url: string): MqttAddresses {
  const { protocol, hostname, port } = new URL(url);
  const number = port === '' ? null : Number(port);
  return {
    host: hostname,
    port: protocol === 'mqtt:' ? (number ?? 1883) : null,
    tlsPort: protocol === 'mqtts:' ? (number ?? 8883) : null,
    wsPort: protocol === 'ws:' || protocol === 'wss:' ? (number ?? 8083) : null,
    caPem: null,
  };
}
