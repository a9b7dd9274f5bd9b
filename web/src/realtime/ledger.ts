import type { Room } from './protocol.ts';

interface Wire {
  watch(rooms: readonly Room[]): void;
  unwatch(rooms: readonly Room[]): void;
}

/** Counts who watches which room, and tells the wire only of first watchers and last leavers. */
export class RoomLedger {
  readonly #counts = new Map<Room, number>();
  readonly #wire: Wire;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  rooms(): Room[] {
    return [...this.#counts.keys()];
  }

  add(rooms: readonly Room[]): void {
    const fresh = rooms.filter((room) => {
      const count = this.#counts.get(room) ?? 0;
      this.#counts.set(room, count + 1);
      return count === 0;
    });
    if (fresh.length > 0) this.#wire.watch(fresh);
  }

  remove(rooms: readonly Room[]): void {
    const empty = rooms.filter((room) => {
      const count = (this.#counts.get(room) ?? 0) - 1;
      if (count > 0) this.#counts.set(room, count);
      else this.#counts.delete(room);
      return count === 0;
    });
    if (empty.length > 0) this.#wire.unwatch(empty);
  }
}
