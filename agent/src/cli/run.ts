import { createAgent } from '../agent.ts';
import type { AgentConfig } from '../config/config.ts';
import type { Device } from '../core/device-api.ts';
import type { Observer } from '../core/ports.ts';
import type { Credentials } from '../enrolment/credentials.ts';
import { serveState } from '../system/control.ts';

/** What `status` shows of the running agent. */
export interface AgentState {
  readonly pid: number;
  readonly stats: ReturnType<Device['stats']>;
  readonly picture: ReturnType<Device['picture']>;
  readonly link: string;
  readonly lastAckMs: number | null;
}

/** Runs until SIGINT or SIGTERM, then ends the session in good order. */
export async function runAgent(config: AgentConfig, credentials: Credentials): Promise<void> {
  let link = 'starting';
  let lastAckMs: number | null = null;
  const observer: Observer = {
    up: (session) => {
      link = 'up';
      log(
        'info',
        `connected to ${credentials.host}:${credentials.port} as ${credentials.device_id}, session ${session}`,
      );
    },
    down: (reason, retryInMs) => {
      link = reason;
      log('warn', `not connected: ${reason}; next try in ${Math.ceil(retryInMs / 1000)} s`);
    },
    acked: () => {
      lastAckMs = Date.now();
    },
    command: (id, state) => log('info', `command ${id}: ${state}`),
    fault: (where, error) => log('error', `${where}: ${error instanceof Error ? error.message : String(error)}`),
  };
  const device = await createAgent({ config, credentials, observer });
  const state = (): AgentState => ({
    pid: process.pid,
    stats: device.stats(),
    picture: device.picture(),
    link,
    lastAckMs,
  });
  const server = await serveState(config.data, state);
  await device.start();
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await device.stop();
  server.close();
}

/** One line to stderr with the priority prefix that journald understands (sd-daemon(3)). */
export function log(level: 'info' | 'warn' | 'error', message: string): void {
  const priority = { info: 6, warn: 4, error: 3 }[level];
  const prefix = process.env.JOURNAL_STREAM ? `<${priority}>` : `${new Date().toISOString()} ${level} `;
  process.stderr.write(`${prefix}${message}\n`);
}
