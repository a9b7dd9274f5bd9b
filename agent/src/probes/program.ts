import { access } from 'node:fs/promises';
import { names, readText } from './files.ts';
import { ABSENT, type Probe, report } from './probe.ts';

export interface ProgramOptions {
  readonly pidFile?: string | undefined;
  /** Text that the command line of the program contains. */
  readonly cmdline?: string | undefined;
  /** While this file exists the program is paused on purpose. */
  readonly pauseFile?: string | undefined;
}

/** The terminal's own business program: found by its pid file or by its command line. */
export function programProbe(root: string, options: ProgramOptions | undefined): Probe {
  return async () => {
    if (!options?.pidFile && !options?.cmdline) return { c: { program: ABSENT } };
    if (options.pauseFile && (await exists(root + options.pauseFile))) {
      return { c: { program: report('warn', 'paused') } };
    }
    const running = options.pidFile
      ? await runsByPid(root, options.pidFile)
      : await runsByCmdline(root, options.cmdline ?? '');
    return {
      c: { program: running ? report('ok') : report('fault', 'not_running', options.pidFile ?? options.cmdline) },
    };
  };
}

async function runsByPid(root: string, pidFile: string): Promise<boolean> {
  const pid = Number.parseInt((await readText(root + pidFile)) ?? '', 10);
  return pid > 0 && isAlive((await readText(`${root}/proc/${pid}/stat`)) ?? '');
}

async function runsByCmdline(root: string, wanted: string): Promise<boolean> {
  for (const pid of await names(`${root}/proc`)) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const cmdline = (await readText(`${root}/proc/${pid}/cmdline`))?.replaceAll('\0', ' ');
    if (cmdline?.includes(wanted)) return true;
  }
  return false;
}

/** A zombie is not running. The state follows the last `)` of the stat line: the name may hold anything. */
function isAlive(stat: string): boolean {
  const state = stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
  return state !== '' && state !== 'Z' && state !== 'X';
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
