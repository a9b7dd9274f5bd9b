import { join } from 'node:path';
import { createExecutor } from './commands/executor.ts';
import type { AgentConfig } from './config/config.ts';
import type { Intervals } from './core/config.ts';
import { createDevice } from './core/device.ts';
import type { Device } from './core/device-api.ts';
import { firstSeq } from './core/identity.ts';
import type { Observer } from './core/ports.ts';
import type { Credentials } from './enrolment/credentials.ts';
import { createMqttTransport } from './mqtt/transport.ts';
import { createHardware } from './probes/hardware.ts';
import { DiskSpool } from './storage/disk-spool.ts';
import { FileStore } from './storage/file-store.ts';
import { readBootId } from './system/boot-id.ts';
import { systemClock } from './system/clock.ts';
import { AGENT_VERSION } from './version.ts';

export interface AgentOptions {
  readonly config: AgentConfig;
  readonly credentials: Credentials;
  readonly observer: Observer;
}

/** Composition root: the device core over this machine, its disk and the broker. */
export async function createAgent({ config, credentials, observer }: AgentOptions): Promise<Device> {
  const clock = systemClock();
  const { device_id: deviceId, enrolled_ms: enrolledMs, host, port, ca_pem, secret, serial } = credentials;
  const hardware = createHardware({ config, serial, agentVersion: AGENT_VERSION, monoMs: clock.monoMs });
  const spool = new DiskSpool({
    directory: join(config.data, 'spool'),
    maxBytes: config.spool_max_bytes,
    firstSeq: firstSeq(enrolledMs),
    onFault: (error) => observer.fault?.('spool', error),
  });
  const executor = createExecutor({
    settings: config.commands,
    selfcheck: () => device.selfcheck(),
  });
  const device = createDevice(
    {
      clock,
      hardware,
      spool,
      store: new FileStore(join(config.data, 'state')),
      transport: createMqttTransport({ host, port, secret, caPem: ca_pem ?? undefined }),
      executor,
      random: Math.random,
      observer,
    },
    { deviceId, bootId: await readBootId(), enrolledMs, agentVersion: AGENT_VERSION, intervals: intervalsOf(config) },
  );
  return device;
}

function intervalsOf({ intervals: i }: AgentConfig): Partial<Intervals> {
  return {
    ...(i.beat_ms !== undefined && { beatMs: i.beat_ms }),
    ...(i.health_ms !== undefined && { healthMs: i.health_ms }),
    ...(i.full_ms !== undefined && { fullMs: i.full_ms }),
    ...(i.metrics_ms !== undefined && { metricsMs: i.metrics_ms }),
    ...(i.net_ms !== undefined && { netMs: i.net_ms }),
    ...(i.sim_ms !== undefined && { simMs: i.sim_ms }),
  };
}
