export { type DeviceSummary, type FleetChange, FleetState, type FleetStateOptions } from './fleet-state.ts';
export type { DeviceState, Totals } from './totals.ts';
