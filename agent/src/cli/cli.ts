import { parseArgs } from 'node:util';
import { type AgentConfig, ConfigError, readConfig } from '../config/config.ts';
import { loadCredentials, saveCredentials } from '../enrolment/credentials.ts';
import { EnrolmentError, enrol } from '../enrolment/enrol.ts';
import { createHardware } from '../probes/hardware.ts';
import { readInventory } from '../probes/inventory.ts';
import { systemClock } from '../system/clock.ts';
import { AlreadyRunningError, askState } from '../system/control.ts';
import { readSerial } from '../system/serial.ts';
import { AGENT_VERSION } from '../version.ts';
import { type AgentState, log, runAgent } from './run.ts';
import { pictureTable, wordsFor } from './words.ts';

const DEFAULT_CONFIG = '/etc/uptally-agent.json';

export const USAGE = `uptally-agent ${AGENT_VERSION}

  enroll --server URL --token TOKEN   register this device [--serial S] [--model M] [--host BROKER] [--plain] [--force]
  run                                 measure and report until stopped
  status                              tell how the running agent is [--json]
  selftest                            probe every part once [--json]

  --config FILE   settings (default ${DEFAULT_CONFIG})
  --data DIR      credentials, spool and state (default: as configured)
`;

const OPTIONS = {
  config: { type: 'string' },
  data: { type: 'string' },
  server: { type: 'string' },
  token: { type: 'string' },
  serial: { type: 'string' },
  model: { type: 'string' },
  host: { type: 'string' },
  plain: { type: 'boolean', default: false },
  force: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

function readArgs(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

type Args = ReturnType<typeof readArgs>['values'];

/** Runs one command and returns the exit code: 0 done, 1 failed, 2 wrong use or configuration, 3 not running. */
export async function main(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const { values, positionals } = readArgs(argv);
    const [command] = positionals;
    if (values.help || command === undefined) {
      process.stdout.write(USAGE);
      return values.help ? 0 : 2;
    }
    const settings = await readConfig(values.config ?? DEFAULT_CONFIG, values.config !== undefined);
    const config = { ...settings, ...(values.data && { data: values.data }) };
    const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || 'en';
    switch (command) {
      case 'enroll':
      case 'enrol':
        return await enrollCommand(config, values);
      case 'run':
        return await runCommand(config, locale);
      case 'status':
        return await statusCommand(config, values, locale);
      case 'selftest':
        return await selftestCommand(config, values, locale);
      default:
        throw new UsageError(`unknown command: ${command}`);
    }
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (error instanceof ConfigError) {
    process.stderr.write(`${error.message}\n`);
    return 2;
  }
  const known = error instanceof EnrolmentError || error instanceof AlreadyRunningError;
  log('error', error instanceof Error ? (known ? error.message : (error.stack ?? error.message)) : String(error));
  return 1;
}

async function enrollCommand(config: AgentConfig, args: Args): Promise<number> {
  const { server, token } = args;
  if (!server || !URL.canParse(server)) throw new UsageError('enroll needs --server with the address of the platform');
  if (!token) throw new UsageError('enroll needs --token');
  const known = await loadCredentials(config.data);
  if (known && !args.force) throw new EnrolmentError(`already enrolled as ${known.device_id}; --force enrols anew`);
  const serial = args.serial ?? config.serial ?? (await readSerial());
  const model = args.model ?? config.model;
  const inventory = await readInventory('', { serial, model, agent: AGENT_VERSION });
  const credentials = await enrol({ server, token, serial, model, inventory, host: args.host, plain: args.plain });
  await saveCredentials(config.data, credentials);
  process.stdout.write(`${credentials.device_id}\n`);
  return 0;
}

async function runCommand(config: AgentConfig, locale: string): Promise<number> {
  const credentials = await loadCredentials(config.data);
  if (!credentials) {
    process.stderr.write(`${wordsFor(locale).notEnrolled}\n`);
    return 2;
  }
  await runAgent(config, credentials);
  return 0;
}

async function statusCommand(config: AgentConfig, args: Args, locale: string): Promise<number> {
  const words = wordsFor(locale);
  const credentials = await loadCredentials(config.data);
  const state = (await askState(config.data)) as AgentState | null;
  if (args.json) {
    const { device_id = null, host = null, port = null } = credentials ?? {};
    process.stdout.write(`${JSON.stringify({ device_id, host, port, running: state !== null, ...state })}\n`);
    return state ? 0 : 3;
  }
  if (!credentials) {
    process.stdout.write(`${words.notEnrolled}\n`);
    return 3;
  }
  const lines = [`${words.device} ${credentials.device_id} (${credentials.serial})`];
  lines.push(`${words.broker} ${credentials.host}:${credentials.port}${credentials.ca_pem === null ? '' : ' TLS'}`);
  lines.push(...(state ? describe(state, locale) : [words.notRunning]));
  process.stdout.write(`${lines.join('\n')}\n`);
  return state ? 0 : 3;
}

function describe(state: AgentState, locale: string): string[] {
  const words = wordsFor(locale);
  const { stats, picture, link, lastAckMs } = state;
  return [
    stats.up ? words.connected(stats.session) : words.disconnected(link),
    words.lastAck(lastAckMs === null ? null : Math.round((Date.now() - lastAckMs) / 1000)),
    words.waiting(stats.waiting, stats.spoolBytes),
    words.beat(stats.intervals.beatMs / 1000, stats.cfgRev),
    ...(picture ? ['', pictureTable(picture, words)] : []),
  ];
}

async function selftestCommand(config: AgentConfig, args: Args, locale: string): Promise<number> {
  const serial = (await loadCredentials(config.data))?.serial ?? config.serial ?? (await readSerial());
  const { monoMs } = systemClock();
  const hardware = createHardware({ config, serial, agentVersion: AGENT_VERSION, monoMs });
  const picture = await hardware.probe();
  if (args.json) process.stdout.write(`${JSON.stringify({ ...picture, uplink: await hardware.uplink() }, null, 2)}\n`);
  else process.stdout.write(`${pictureTable(picture, wordsFor(locale))}\n`);
  return Object.values(picture.c).some(({ s }) => s === 'fault') ? 1 : 0;
}
