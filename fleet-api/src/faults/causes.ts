import { COMPONENTS } from '@uptally/protocol';

/** Told by telemetry: the station can't be reached, or a part of its device. */
export const TELEMETRY_CAUSES = ['offline', ...COMPONENTS] as const;
/** Only people can tell of these. */
export const HUMAN_CAUSES = ['slow', 'software', 'damage', 'missing', 'other'] as const;
/** What makes two faults of a station the same. */
export const CAUSES = [...TELEMETRY_CAUSES, ...HUMAN_CAUSES] as const;
export type Cause = (typeof CAUSES)[number];

/** What a site can choose from on its page: words of people who don't know the parts. */
export const SITE_CAUSES = [
  'offline', 'printer', 'card_reader', 'id_reader', 'scanner', 'screen', 'power', 'program', 'slow', 'damage', 'other',
] as const satisfies readonly Cause[]; // biome-ignore format: one list

/** Parts that matter at every station, whether or not the model requires them for availability (R-DG-3, R-DG-5). */
const ALWAYS = new Set<string>(['program', 'storage', 'temperature', 'door', 'power']);

/** True if a fault of the component concerns somebody; a model that names no parts requires all. */
export function concerns(required: readonly string[], component: string): boolean {
  return required.length === 0 || required.includes(component) || ALWAYS.has(component);
}

/** What was asked for is no fault: the terminal was told to pause. */
export function isWished(component: string, reason: string | null): boolean {
  return component === 'program' && reason === 'paused';
}

/** The dimension of availability that a cause concerns, as exclusions name it. */
export function dimensionOf(cause: string): 'network' | 'equipment' {
  return cause === 'offline' || cause === 'modem' ? 'network' : 'equipment';
}
