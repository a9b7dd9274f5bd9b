import type { DeviceItem } from '../registry/devices/schemas.ts';
import type { StateCounts } from '../registry/shared/state.ts';

/** What server and console say to each other over socket.io. One typed map. */

export interface WatchRequest {
  readonly rooms: readonly string[];
}

export interface WatchAnswer {
  /** Rooms that the socket is in now. */
  readonly rooms: readonly string[];
  /** Rooms that it may not watch, or that don't exist. */
  readonly refused: readonly string[];
}

export interface ClientMessages {
  watch: (request: WatchRequest, answer?: (answer: WatchAnswer) => void) => void;
  unwatch: (request: WatchRequest, answer?: (answer: WatchAnswer) => void) => void;
}

export interface ServerMessages {
  /** Rooms `device:<id>` and `region:<id>`: the device as lists show it. */
  device: (device: DeviceItem) => void;
  /** Room `overview`: counts over the watcher's regions, at most once a second. */
  overview: (counts: StateCounts & { readonly updated_at: string }) => void;
  /** Rooms `commands:<batch>` and `device:<id>`. */
  command: (change: {
    readonly id: string;
    readonly batch_id: string;
    readonly device_id: string;
    readonly state: string;
    readonly at: string;
  }) => void;
  /** Room `incidents`: an incident, or one of its alerts, changed. */
  incident: (change: { readonly kind: 'incident' | 'alert'; readonly id: string }) => void;
  /** Room `exclusions`: an exclusion was proposed, decided, withdrawn, or given a file. */
  exclusion: (change: { readonly id: number; readonly state: string }) => void;
  /** Room `repair`: faults or work orders changed. */
  repair: (change: { readonly kind: 'fault' | 'order'; readonly ids: readonly number[] }) => void;
  /** Room `settlement`: a statement, a stated value or a contract document was acted upon, or late evidence restates a statement. */
  settlement: (change: { readonly kind: 'statement' | 'input' | 'document'; readonly id: number }) => void;
  /** Room `device:<id>`: a device reported an event. */
  event: (event: {
    readonly device_id: string;
    readonly code: string;
    readonly severity: string;
    readonly at: string;
  }) => void;
}
