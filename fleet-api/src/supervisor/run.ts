import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Runs a program of ours to its end. Rejects with what it printed if it fails. Arguments may hold secrets: they are not told. */
export async function runToEnd(args: readonly string[], timeoutMs = 60_000): Promise<string> {
  try {
    return (await execute(process.execPath, [...args], { timeout: timeoutMs })).stdout;
  } catch (cause) {
    const { stderr, code } = cause as { stderr?: string; code?: number | string };
    throw new Error(`ended with ${code ?? 'a signal'}: ${stderr?.trim() ?? ''}`);
  }
}
