import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** The platform does not take a past: it is no demo, or has one already. */
export class ReplayRefused extends Error {
  override readonly name = 'ReplayRefused';
}

const REFUSED = 3;

/** The platform's program that stores a past, fed by its standard input. Its database is named by the environment. */
export class ReplayProcess {
  readonly #child: ChildProcess;
  readonly #input: Writable;
  readonly #ended: Promise<void>;

  /** `program`: the platform's bundle, run as `program replay`. */
  constructor(program: string) {
    this.#child = spawn(process.execPath, [program, 'replay'], { stdio: ['pipe', 'inherit', 'inherit'] });
    if (this.#child.stdin === null) throw new Error('the replay has no input');
    this.#input = this.#child.stdin;
    // A program that ends early says why by its exit code.
    this.#input.on('error', () => undefined);
    this.#ended = once(this.#child, 'exit').then(([code, signal]: unknown[]) => {
      if (code === REFUSED) throw new ReplayRefused('the platform takes no past');
      if (code !== 0) throw new Error(`the replay ended with ${String(signal ?? `code ${String(code)}`)}`);
    });
    this.#ended.catch(() => undefined);
  }

  /** Resolves when the next frames may come. Rejects if the program has ended. */
  async write(frames: Uint8Array): Promise<void> {
    if (this.#input.write(frames)) return;
    await Promise.race([once(this.#input, 'drain'), this.#ended]);
  }

  /** Resolves when everything is stored. */
  async end(): Promise<void> {
    this.#input.end();
    await this.#ended;
  }

  kill(): void {
    this.#child.kill();
  }
}
