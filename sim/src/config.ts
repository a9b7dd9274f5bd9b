import { parseArgs } from 'node:util';

/** A command line that can't be used; the message says what is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const COMMANDS = ['demo', 'run', 'history', 'export', 'check'] as const;
export type CommandName = (typeof COMMANDS)[number];

export interface Settings {
  readonly command: CommandName;
  /** The platform, e.g. http://127.0.0.1:8080 */
  readonly server: string;
  /** JSON file {api_key, enrolment_token} */
  readonly tokenFile: string | null;
  /** Where the simulator keeps its state. */
  readonly dataDir: string;
  readonly fleet: 'hn';
  readonly devices: number;
  readonly seed: number;
  /** Days of generated past; 0: none. */
  readonly days: number;
  readonly scenarios: readonly string[];
  readonly timeScale: number;
  readonly rampMs: number;
  /** Devices that may send a batch of their past at the same moment. */
  readonly pastParallel: number;
  /** The platform's program that stores a past as it happened; null: the past is delivered as backlog. */
  readonly replayProgram: string | null;
  /** Port of the control server on loopback; 0: any; null: none. */
  readonly controlPort: number | null;
  readonly mqtt: { readonly host: string; readonly port: number } | null;
  readonly tls: boolean;
  readonly radio: boolean;
  readonly everyday: boolean;
  readonly truth: boolean;
  /** What follows the options, for `check`. */
  readonly files: readonly string[];
}

export const USAGE = `usage: node sim/dist/main.js <command> [options]

  demo      load the registry, enrol, run the fleet with its past and everyday incidents
  run       the same without past and incidents, unless asked for; plays --scenario
  history   run, deliver the past, stop
  export    write the fleet's registry as CSV files for the import into --data
  check     validate scenario files

  --server URL          the platform                                (http://127.0.0.1:8080)
  --token-file FILE     JSON {"api_key", "enrolment_token"}
  --data DIR            state of the simulator                      (data/sim)
  --fleet hn            which fleet
  --devices N           so many of its devices                      (2754)
  --seed N              another world                               (1)
  --days N              days of past                                (14; run: 0)
  --scenario FILE|NAME  play it once all are online; repeatable
  --time-scale X        scenarios run X times faster                (1)
  --ramp SECONDS        switch devices on evenly over this          (40)
  --replay PROGRAM      the past goes to "PROGRAM replay" as it happened, before the devices connect
  --past-parallel N     devices that send of their past at a time   (40)
  --control PORT        control server on loopback; 0 any, none     (0)
  --mqtt HOST:PORT      connect there instead of where enrolment says
  --tls                 connect by TLS
  --no-radio            answers come without the radio's delay
  --everyday, --no-everyday  ordinary incidents go on happening     (demo: yes; run: no)
  --truth               write what is true to truth.jsonl           (demo: yes)`;

/** Reads the command line. Throws {@link UsageError}. */
export function readSettings(args: readonly string[]): Settings {
  const { values, positionals } = parsed(args);
  const [command, ...files] = positionals;
  if (!isCommand(command)) throw new UsageError(`say one of ${COMMANDS.join(', ')}`);
  const demo = command === 'demo';
  const number = (
    name: 'devices' | 'seed' | 'days' | 'time-scale' | 'ramp' | 'past-parallel',
    otherwise: number,
    min: number,
    max: number,
  ) => {
    const value = values[name] === undefined ? otherwise : Number(values[name]);
    if (!(value >= min && value <= max)) throw new UsageError(`--${name}: must be a number from ${min} to ${max}`);
    return value;
  };
  if (values.fleet !== 'hn') throw new UsageError('--fleet: there is only hn');
  return {
    command,
    server: serverOf(values.server),
    tokenFile: values['token-file'] ?? null,
    dataDir: values.data,
    fleet: 'hn',
    devices: number('devices', 2754, 1, 3000),
    seed: number('seed', 1, 0, 2 ** 31 - 1),
    days: number('days', command === 'run' ? 0 : 14, 0, 90),
    scenarios: values.scenario ?? [],
    timeScale: number('time-scale', 1, 0.001, 1e6),
    rampMs: number('ramp', 40, 0, 3600) * 1000,
    pastParallel: number('past-parallel', 40, 1, 10_000),
    replayProgram: values.replay ?? null,
    controlPort: portOf(values.control),
    mqtt: values.mqtt === undefined ? null : addressOf(values.mqtt),
    tls: values.tls,
    radio: !values['no-radio'],
    everyday: values.everyday ?? (demo && !values['no-everyday']),
    truth: values.truth ?? demo,
    files,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        server: { ...text, default: 'http://127.0.0.1:8080' },
        'token-file': text,
        data: { ...text, default: 'data/sim' },
        fleet: { ...text, default: 'hn' },
        devices: text,
        seed: text,
        days: text,
        scenario: { ...text, multiple: true },
        'time-scale': text,
        ramp: text,
        'past-parallel': text,
        replay: text,
        control: { ...text, default: '0' },
        mqtt: text,
        tls: { ...flag, default: false },
        'no-radio': { ...flag, default: false },
        everyday: flag,
        'no-everyday': { ...flag, default: false },
        truth: flag,
      },
    });
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'not understood', { cause });
  }
}

function isCommand(value: string | undefined): value is CommandName {
  return (COMMANDS as readonly (string | undefined)[]).includes(value);
}

function serverOf(value: string): string {
  if (!URL.canParse(value)) throw new UsageError('--server: not a URL');
  return value;
}

function portOf(value: string): number | null {
  if (value === 'none') return null;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new UsageError('--control: not a port');
  return port;
}

function addressOf(value: string): { host: string; port: number } {
  const match = /^(.+):(\d{1,5})$/.exec(value);
  if (!match?.[1]) throw new UsageError('--mqtt: must be HOST:PORT');
  return { host: match[1], port: Number(match[2]) };
}
