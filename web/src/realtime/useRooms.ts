import type { Socket } from 'socket.io-client';
import { computed, type MaybeRefOrGetter, onScopeDispose, shallowRef, toValue, watch } from 'vue';
import { RoomLedger } from './ledger.ts';
import type { MessageName, Room, ServerMessages } from './protocol.ts';

type Handlers = { readonly [K in MessageName]?: (message: ServerMessages[K]) => void };

/** Undefined: not tried yet; the console does not complain before it has a reason to. */
const connected = shallowRef<boolean | undefined>(undefined);
const rejoined = new Set<() => void>();
let socket: Promise<Socket> | undefined;
const ledger = new RoomLedger({
  watch: (rooms) => void socket?.then((s) => s.emit('watch', { rooms })),
  unwatch: (rooms) => void socket?.then((s) => s.emit('unwatch', { rooms })),
});

/** One connection for the console, opened by the first page that watches something. The library is loaded then, not before. */
async function open(): Promise<Socket> {
  const { io } = await import('socket.io-client');
  const s = io({ transports: ['websocket', 'polling'], reconnectionDelay: 500, reconnectionDelayMax: 10_000 });
  s.on('connect', () => {
    const again = connected.value === false;
    connected.value = true;
    const rooms = ledger.rooms();
    if (rooms.length > 0) s.emit('watch', { rooms });
    // What happened in between was not heard: whoever watches asks the server once more.
    if (again) for (const refetch of rejoined) refetch();
  });
  s.on('disconnect', () => {
    connected.value = false;
  });
  s.on('connect_error', () => {
    connected.value = false;
  });
  return s;
}

export interface RoomOptions {
  readonly rooms: MaybeRefOrGetter<readonly Room[]>;
  readonly on: Handlers;
  /** Called when the connection is back after a loss. */
  readonly refetch: () => unknown;
}

/** Watches rooms as long as the calling scope lives. Rooms are counted: two parts of a page may watch the same one. */
export function useRooms(options: RoomOptions): void {
  socket ??= open();
  const link = socket;
  let live = true;
  void link.then((s) => {
    if (!live) return;
    for (const [name, handler] of Object.entries(options.on)) s.on(name, handler as (message: unknown) => void);
  });
  const stop = watch(
    () => toValue(options.rooms),
    (rooms, _before, onCleanup) => {
      ledger.add(rooms);
      onCleanup(() => ledger.remove(rooms));
    },
    { immediate: true },
  );
  const refetch = () => void options.refetch();
  rejoined.add(refetch);
  onScopeDispose(() => {
    live = false;
    stop();
    rejoined.delete(refetch);
    void link.then((s) => {
      for (const [name, handler] of Object.entries(options.on)) s.off(name, handler as (message: unknown) => void);
    });
  });
}

/** Ends the connection at sign-out; the next page that watches opens a new one under the new session. */
export async function closeRealtime(): Promise<void> {
  const ending = socket;
  socket = undefined;
  connected.value = undefined;
  (await ending)?.disconnect();
}

export function useConnection() {
  return { lost: computed(() => connected.value === false) };
}
