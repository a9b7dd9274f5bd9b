import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store, StoreKey } from '../core/ports.ts';
import { readJson, replaceFile } from './durable.ts';

/** The store as one JSON file a document. Saves of one document are written in order; only the newest of those that wait is written. */
export class FileStore implements Store {
  readonly #directory: string;
  readonly #waiting: Map<StoreKey, { value: unknown; done: Promise<void> }> = new Map();
  readonly #writing: Map<StoreKey, Promise<void>> = new Map();

  constructor(directory: string) {
    this.#directory = directory;
  }

  async load(key: StoreKey): Promise<unknown> {
    return readJson(this.#path(key));
  }

  async save(key: StoreKey, value: unknown): Promise<void> {
    const waiting = this.#waiting.get(key);
    if (waiting) {
      waiting.value = value;
      return waiting.done;
    }
    const before = this.#writing.get(key) ?? Promise.resolve();
    const next = { value, done: before.catch(() => undefined).then(() => this.#write(key)) };
    this.#waiting.set(key, next);
    this.#writing.set(key, next.done);
    return next.done;
  }

  async #write(key: StoreKey): Promise<void> {
    const value = this.#waiting.get(key)?.value;
    this.#waiting.delete(key);
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    await replaceFile(this.#path(key), JSON.stringify(value ?? null));
  }

  #path(key: StoreKey): string {
    return join(this.#directory, `${key}.json`);
  }
}
