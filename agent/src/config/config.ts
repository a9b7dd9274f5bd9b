import { readFile } from 'node:fs/promises';
import {
  boolean,
  either,
  type Fault,
  integer,
  list,
  number,
  object,
  optional,
  type Shaped,
  string,
  withDefault,
} from './shape.ts';

const usbId = string({ pattern: /^[0-9a-fA-F]{4}:[0-9a-fA-F]{4}$/, means: 'a USB id as vvvv:pppp' });
const path = string({ pattern: /^\//, means: 'an absolute path' });
const usbPart = withDefault(object({ usb: withDefault(list(usbId), []) }), { usb: [] });
const input = optional(object({ path, ok: string() }));
const argv = list(string(), 1);
const ms = (min: number, max: number) => optional(integer(min, max));

const probes = object({
  storage: withDefault(object({ path: optional(path), min_free_pct: withDefault(number(0, 100), 5) }), {
    path: undefined,
    min_free_pct: 5,
  }),
  temperature: withDefault(
    object({ max_c: withDefault(number(-55, 150), 85), min_c: withDefault(number(-55, 150), -25) }),
    {
      max_c: 85,
      min_c: -25,
    },
  ),
  ports: withDefault(object({ interfaces: list(string()) }), { interfaces: [] }),
  printer: optional(
    either(
      object({ path, baud: optional(integer(300, 921_600)) }),
      object({ host: string(), port: withDefault(integer(1, 65_535), 9100) }),
      '{path, baud?} or {host, port?}',
    ),
  ),
  card_reader: usbPart,
  id_reader: usbPart,
  scanner: usbPart,
  screen: optional(object({ connector: string() })),
  door: input,
  power: input,
  modem: optional(object({ path, baud: optional(integer(300, 921_600)) })),
  uplink: optional(object({ interface: string() })),
  program: optional(object({ pid_file: optional(path), cmdline: optional(string()) })),
});

const commands = object({
  pause_file: optional(path),
  pause_service: optional(argv),
  resume_service: optional(argv),
  restart_program: optional(argv),
  restart_terminal: withDefault(object({ allow: boolean, argv: withDefault(argv, ['systemctl', 'reboot']) }), {
    allow: false,
    argv: ['systemctl', 'reboot'],
  }),
});

const EMPTY: Fault[] = [];
const shape = object({
  data: withDefault(path, '/var/lib/uptally-agent'),
  serial: optional(string()),
  model: optional(string()),
  spool_max_bytes: withDefault(integer(256 * 1024, 4 * 1024 ** 3), 16 * 1024 * 1024),
  intervals: withDefault(
    object({
      beat_ms: ms(5_000, 3_600_000),
      health_ms: ms(5_000, 86_400_000),
      full_ms: ms(60_000, 604_800_000),
      metrics_ms: ms(60_000, 86_400_000),
      net_ms: ms(60_000, 86_400_000),
      sim_ms: ms(60_000, 86_400_000),
    }),
    {
      beat_ms: undefined,
      health_ms: undefined,
      full_ms: undefined,
      metrics_ms: undefined,
      net_ms: undefined,
      sim_ms: undefined,
    },
  ),
  probes: withDefault(probes, probes({}, '', EMPTY)),
  commands: withDefault(commands, commands({}, '', EMPTY)),
});

/** The configuration file of the agent; see docs/agent.md. */
export type AgentConfig = Shaped<typeof shape>;

/** The file can't be used. The message lists every fault by its path. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function parseConfig(text: string, where: string): AgentConfig {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${where}: not JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
  const faults: Fault[] = [];
  const config = shape(value, '', faults);
  if (faults.length > 0) {
    throw new ConfigError(faults.map((fault) => `${where}: ${fault.path} ${fault.message}`).join('\n'));
  }
  return config;
}

/** Reads the file; a missing one means all defaults, unless it was asked for by name. */
export async function readConfig(file: string, required: boolean): Promise<AgentConfig> {
  try {
    return parseConfig(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    if (required) throw new ConfigError(`${file}: no such file`);
    return parseConfig('{}', file);
  }
}
