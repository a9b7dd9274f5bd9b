import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import type { CommandOp } from '@uptally/protocol';
import type { AgentConfig } from '../config/config.ts';
import type { CommandExecutor, CommandOutcomeReport, HealthPicture } from '../core/ports.ts';

type Settings = AgentConfig['commands'];
type Outcome = CommandOutcomeReport | 'rebooting';

const TIMEOUT_MS = 120_000;
const NOT_CONFIGURED: CommandOutcomeReport = { state: 'failed', code: 'not_configured' };

export interface ExecutorOptions {
  readonly settings: Settings;
  /** Probes everything now. */
  readonly selfcheck: () => Promise<HealthPicture>;
}

/**
 * Carries commands out on this machine. What is run is what the local configuration names, as an argument list: nothing that came over
 * the network reaches a command line.
 */
export function createExecutor({ settings, selfcheck }: ExecutorOptions): CommandExecutor {
  const table: Record<CommandOp, () => Promise<Outcome>> = {
    selfcheck: async () => ({ state: 'succeeded', d: summary(await selfcheck()) }),
    pause_service: () => switchService(settings.pause_service, settings.pause_file, true),
    resume_service: () => switchService(settings.resume_service, settings.pause_file, false),
    restart_program: () => (settings.restart_program ? run(settings.restart_program) : Promise.resolve(NOT_CONFIGURED)),
    restart_terminal: async () => {
      if (!settings.restart_terminal.allow) return NOT_CONFIGURED;
      const outcome = await run(settings.restart_terminal.argv);
      return outcome.state === 'succeeded' ? 'rebooting' : outcome;
    },
  };
  return { execute: (op) => table[op]() };
}

/** The pause file is what the business program honours; it is there before a pause command runs and gone before a resume command. */
async function switchService(
  argv: readonly string[] | undefined,
  pauseFile: string | undefined,
  paused: boolean,
): Promise<CommandOutcomeReport> {
  if (!argv && !pauseFile) return NOT_CONFIGURED;
  if (pauseFile && paused) await writeFile(pauseFile, 'paused by the platform\n');
  if (pauseFile && !paused) await rm(pauseFile, { force: true });
  return argv ? run(argv) : { state: 'succeeded' };
}

function run(argv: readonly string[]): Promise<CommandOutcomeReport> {
  const [file = '', ...args] = argv;
  return new Promise((resolve) => {
    execFile(file, args, { timeout: TIMEOUT_MS, maxBuffer: 1024 * 1024 }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`.trim().slice(-500);
      const d = output ? { output } : {};
      if (!error) resolve({ state: 'succeeded', d });
      else if (error.killed) resolve({ state: 'failed', code: 'timeout', d });
      else if (typeof error.code === 'number') resolve({ state: 'failed', code: `exit_${error.code}`, d });
      else resolve({ state: 'failed', code: 'not_startable', d: { error: String(error.code ?? error.message) } });
    });
  });
}

function summary(picture: HealthPicture): Record<string, unknown> {
  const present = Object.entries(picture.c).filter(([, { s }]) => s !== 'absent');
  return {
    c: Object.fromEntries(present.map(([name, { s, r }]) => [name, r ? `${s}:${r}` : s])),
    m: picture.m,
  };
}
