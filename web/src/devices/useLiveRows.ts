import { refDebounced, useThrottleFn } from '@vueuse/core';
import { computed, type Ref, shallowRef } from 'vue';
import type { DeviceChange, Room } from '../realtime/protocol.ts';
import { useRooms } from '../realtime/useRooms.ts';
import { useRowMarks } from '../ui/table/useRowMarks.ts';

export interface LiveRowsOptions {
  /** The row as it is shown now. */
  readonly current: (deviceId: string) => DeviceChange | undefined;
  readonly apply: (changes: ReadonlyMap<string, DeviceChange>) => void;
  readonly refetch: () => unknown;
}

/** A later beat alone is no news: the eye is led to rows whose state or faults differ. */
export function isNews(before: DeviceChange | undefined, after: DeviceChange): boolean {
  const faults = (d: DeviceChange) => d.components.map((c) => `${c.component}:${c.state}:${c.reason}`).join();
  return before !== undefined && (before.state !== after.state || faults(before) !== faults(after));
}

/** Watches the devices whose rows are drawn, and only those; changes are applied together, twice a second at most. */
export function useLiveRows(drawn: Ref<readonly string[]>, options: LiveRowsOptions) {
  const { marked, mark } = useRowMarks();
  const waiting = shallowRef(new Map<string, DeviceChange>());
  const settled = refDebounced(drawn, 400);
  const flush = useThrottleFn(
    () => {
      const changes = waiting.value;
      waiting.value = new Map();
      if (changes.size > 0) options.apply(changes);
    },
    500,
    true,
  );
  useRooms({
    rooms: computed<Room[]>(() => settled.value.map((id): Room => `device:${id}`)),
    on: {
      device: (change) => {
        if (!settled.value.includes(change.device_id)) return;
        waiting.value.set(change.device_id, change);
        if (isNews(options.current(change.device_id), change)) mark(change.device_id);
        void flush();
      },
    },
    refetch: options.refetch,
  });
  return { marked };
}
