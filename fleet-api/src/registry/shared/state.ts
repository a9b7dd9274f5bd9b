import { type Static, Type } from 'typebox';

/**
 * The one word for a device's condition; every device has exactly one, so counts add up. By need of attention:
 * `offline` no live record within L (R-HN-9 counts it as down) · `faulty` online, a required component reports a fault ·
 * `never` nothing received yet · `online` all well. The index is the value of device_list.state.
 */
export const DEVICE_STATES = ['offline', 'faulty', 'never', 'online'] as const;
export type DeviceState = (typeof DEVICE_STATES)[number];

/** device_list.state of a state. */
export function stateCode(state: DeviceState): number {
  return DEVICE_STATES.indexOf(state);
}

/** The state of a device_list.state. */
export function stateOf(code: number): DeviceState {
  return DEVICE_STATES[code] ?? 'never';
}

export const StateCounts = Type.Object({
  total: Type.Integer(),
  online: Type.Integer(),
  offline: Type.Integer(),
  faulty: Type.Integer(),
  never: Type.Integer(),
});
export type StateCounts = Static<typeof StateCounts>;

/** SQL value of {@link StateCounts} over the rows of device_list `l` that meet `condition`, a constant of the caller. */
export function stateCountsSql(condition: string): string {
  return `(select json_build_object('total', count(*), 'online', count(*) filter (where l.state = 3),
      'offline', count(*) filter (where l.state = 0), 'faulty', count(*) filter (where l.state = 1),
      'never', count(*) filter (where l.state = 2)) from device_list l where ${condition})`;
}
