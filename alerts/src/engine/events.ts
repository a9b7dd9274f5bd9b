import type { OutboxEvent } from '@uptally/fleet-api/db';

/** What the outbox tells that rules care about. Instants are Unix ms, by evidence. */
export type Fact =
  | { readonly kind: 'offline'; readonly deviceKey: number; readonly atMs: number; readonly clean: boolean }
  | { readonly kind: 'online'; readonly deviceKey: number; readonly atMs: number }
  | {
      readonly kind: 'fault';
      readonly deviceKey: number;
      readonly component: string;
      readonly reason: string | null;
      readonly atMs: number;
    }
  | { readonly kind: 'ok'; readonly deviceKey: number; readonly component: string; readonly atMs: number }
  /** Life-cycle, place or credentials may have changed: rules look at the registry again. */
  | { readonly kind: 'moved'; readonly deviceKey: number; readonly atMs: number };

/** Reads an outbox row; null if no rule is concerned or it lacks what it should have. */
export function factOf(event: OutboxEvent): Fact | null {
  const { device_key: deviceKey, payload } = event;
  if (deviceKey === null) return null;
  const atMs = instant(payload.at) ?? event.at.getTime();
  const component = typeof payload.component === 'string' ? payload.component : null;
  const reason = typeof payload.reason === 'string' ? payload.reason : null;
  switch (event.kind) {
    case 'device.offline':
      return { kind: 'offline', deviceKey, atMs, clean: reason === 'clean' };
    case 'device.online':
      return { kind: 'online', deviceKey, atMs };
    case 'component.fault':
      return component === null ? null : { kind: 'fault', deviceKey, component, reason, atMs };
    case 'component.ok':
      return component === null ? null : { kind: 'ok', deviceKey, component, atMs };
    case 'device.changed':
    case 'device.revoked':
      return { kind: 'moved', deviceKey, atMs };
    default:
      return null;
  }
}

function instant(value: unknown): number | null {
  const ms = typeof value === 'string' ? Date.parse(value) : typeof value === 'number' ? value : Number.NaN;
  return Number.isFinite(ms) ? ms : null;
}
