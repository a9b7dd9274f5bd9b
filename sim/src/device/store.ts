import type { Store, StoreKey } from '@uptally/agent';

/** The small documents of one device. They live in memory and go to the simulator's state file together with those of all others. */
export class SimStore implements Store {
  readonly #texts: Map<StoreKey, string>;

  constructor(kept: Readonly<Partial<Record<StoreKey, string>>> = {}) {
    this.#texts = new Map(Object.entries(kept) as [StoreKey, string][]);
  }

  async load(key: StoreKey): Promise<unknown> {
    const text = this.#texts.get(key);
    return text === undefined ? null : (JSON.parse(text) as unknown);
  }

  async save(key: StoreKey, value: unknown): Promise<void> {
    this.#texts.set(key, JSON.stringify(value ?? null));
  }

  export(): Partial<Record<StoreKey, string>> {
    return Object.fromEntries(this.#texts);
  }
}
