/** Rooms that a page can watch, and what the server says in them. One typed map; the border decodes nothing else. */
export type Room = 'overview' | 'incidents' | `region:${number}` | `device:${string}` | `commands:${string}`;

export interface DeviceChange {
  readonly device_id: string;
  readonly state: string;
  readonly online: boolean;
  readonly faulty: boolean;
  readonly changed_at: string | null;
  readonly last_seen_at?: string | null;
}

export interface CommandChange {
  readonly id: string;
  readonly batch_id: string;
  readonly device_id: string;
  readonly state: string;
  readonly at: string;
}

export interface ServerMessages {
  device: DeviceChange;
  overview: Readonly<Record<string, unknown>>;
  command: CommandChange;
  incident: { readonly id: number | string };
  event: { readonly device_id: string; readonly code: string };
}

export type MessageName = keyof ServerMessages;
