import type { OutboxEvent } from '../../db/index.ts';

/** What the outbox tells that faults care about. Instants are Unix ms, by evidence. */
export type Signal =
  | {
      readonly kind: 'bad';
      readonly deviceKey: number;
      readonly cause: string;
      readonly component: string | null;
      readonly reason: string | null;
      readonly atMs: number;
    }
  | { readonly kind: 'good'; readonly deviceKey: number; readonly cause: string; readonly atMs: number }
  /** Place, life-cycle or credentials may have changed. */
  | { readonly kind: 'moved'; readonly deviceKey: number };

/** Reads an outbox row; null if it tells nothing about faults. An orderly end of session is no fault: somebody switched it off. */
export function signalOf({ kind, device_key: deviceKey, payload, at }: OutboxEvent): Signal | null {
  if (deviceKey === null) return null;
  const atMs = instant(payload.at) ?? at.getTime();
  const component = wordOf(payload.component);
  const reason = wordOf(payload.reason);
  switch (kind) {
    case 'device.offline':
      if (reason === 'clean') return null;
      return { kind: 'bad', deviceKey, cause: 'offline', component: null, reason, atMs };
    case 'device.online':
      return { kind: 'good', deviceKey, cause: 'offline', atMs };
    case 'component.fault':
      return component === null ? null : { kind: 'bad', deviceKey, cause: component, component, reason, atMs };
    case 'component.ok':
      return component === null ? null : { kind: 'good', deviceKey, cause: component, atMs };
    case 'device.event':
      return doorSignal(deviceKey, wordOf(payload.code), atMs);
    case 'device.changed':
    case 'device.revoked':
      return { kind: 'moved', deviceKey };
    default:
      return null;
  }
}

/** A door is no broken part: that it is open is told as an event (R-DG-3). */
function doorSignal(deviceKey: number, code: string | null, atMs: number): Signal | null {
  if (code === 'door_closed') return { kind: 'good', deviceKey, cause: 'door', atMs };
  if (code !== 'door_open') return null;
  return { kind: 'bad', deviceKey, cause: 'door', component: 'door', reason: 'open', atMs };
}

/** A device's own word: cut, since it comes from outside. */
function wordOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, 64) : null;
}

function instant(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}
