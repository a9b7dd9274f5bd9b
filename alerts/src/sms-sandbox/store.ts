import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoredMessage } from './messages.ts';

/** Messages kept at most; the oldest go first when the program starts. */
const KEEP = 2_000;

/** Messages in memory and, one JSON line a change, in a file: a message that was answered for survives a kill. */
export class MessageStore {
  readonly #path: string | null;
  readonly #messages = new Map<string, StoredMessage>();

  constructor(path: string | null) {
    this.#path = path;
  }

  /** Reads the file, tolerating a torn last line, and writes it anew without what is obsolete. */
  open(): void {
    if (this.#path === null) return;
    mkdirSync(dirname(this.#path), { recursive: true });
    if (existsSync(this.#path)) {
      for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
        const message = parse(line);
        if (message !== null) this.#messages.set(message.sid, message);
      }
    }
    const kept = [...this.#messages.values()].slice(-KEEP);
    this.#messages.clear();
    for (const message of kept) this.#messages.set(message.sid, message);
    writeFileSync(`${this.#path}.new`, kept.map((message) => `${JSON.stringify(message)}\n`).join(''));
    renameSync(`${this.#path}.new`, this.#path);
  }

  save(message: StoredMessage): void {
    this.#messages.set(message.sid, message);
    if (this.#path !== null) appendFileSync(this.#path, `${JSON.stringify(message)}\n`);
  }

  get(sid: string): StoredMessage | undefined {
    return this.#messages.get(sid);
  }

  /** Newest first. */
  all(): StoredMessage[] {
    return [...this.#messages.values()].reverse();
  }
}

function parse(line: string): StoredMessage | null {
  try {
    const value = JSON.parse(line) as StoredMessage | null;
    return typeof value?.sid === 'string' ? value : null;
  } catch {
    return null;
  }
}
