import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a running server tells tools on the same machine, in `runtime.json` of its data directory. Readable by its owner only. */
export interface Runtime {
  readonly pid: number;
  /** Port of console and API; null if this process has none. */
  readonly http: number | null;
  readonly mqtt: { readonly tcp: number | null; readonly tls: number | null; readonly ws: number | null } | null;
  readonly databaseUrl: string;
  readonly databasePid: number | null;
  readonly alertsPid: number | null;
  /** Address of the local SMS sandbox; null with real Twilio credentials. */
  readonly smsSandbox: string | null;
}

/** Writes it whole or not at all; removes it again with the returned function. */
export function writeRuntime(dataDir: string, runtime: Runtime): () => void {
  mkdirSync(dataDir, { recursive: true });
  const path = join(dataDir, 'runtime.json');
  writeFileSync(`${path}.new`, `${JSON.stringify(runtime, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
  return () => rmSync(path, { force: true });
}

/** What the server that runs in a data directory tells; null if none does, also if one that was killed left its file behind. */
export function readRuntime(dataDir: string): Runtime | null {
  const path = join(dataDir, 'runtime.json');
  if (!existsSync(path)) return null;
  const runtime = JSON.parse(readFileSync(path, 'utf8')) as Runtime;
  return isAlive(runtime.pid) ? runtime : null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // it lives, and belongs to somebody else
  }
}
