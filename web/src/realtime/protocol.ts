import type { Item } from '../api/client.ts';

/** Rooms that a page can watch, and what the server says in them. One typed map; the border decodes nothing else. */
export type Room =
  | 'overview'
  | 'incidents'
  | 'exclusions'
  | 'repair'
  | 'settlement'
  | `region:${number}`
  | `device:${string}`
  | `commands:${string}`;

/** A device as lists show it. */
export type DeviceChange = Item<'/api/v1/devices'>;

export interface CommandChange {
  readonly id: string;
  readonly batch_id: string;
  readonly device_id: string;
  readonly state: string;
  readonly at: string;
}

export interface StateCounts {
  readonly total: number;
  readonly online: number;
  readonly offline: number;
  readonly faulty: number;
  readonly never: number;
  readonly updated_at: string;
}

export interface ServerMessages {
  /** Rooms `device:<id>` and `region:<id>`. */
  device: DeviceChange;
  /** Room `overview`: counts over the user's regions, at most once a second. */
  overview: StateCounts;
  /** Rooms `commands:<batch>` and `device:<id>`. */
  command: CommandChange;
  /** Room `incidents`: an incident, or one of its alerts, changed. */
  incident: { readonly kind: 'incident' | 'alert'; readonly id: string };
  /** Room `exclusions`: proposed, decided, withdrawn, or given a file. */
  exclusion: { readonly id: number; readonly state: string };
  /** Room `repair`: faults or work orders changed. */
  repair: { readonly kind: 'fault' | 'order'; readonly ids: readonly number[] };
  /** Room `settlement`: acted upon, or restated by late evidence. */
  settlement: { readonly kind: 'statement' | 'input' | 'document'; readonly id: number };
  /** Room `device:<id>`. */
  event: { readonly device_id: string; readonly code: string; readonly severity: string; readonly at: string };
}

export type MessageName = keyof ServerMessages;
