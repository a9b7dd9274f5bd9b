import { DAY_MS, HOUR_MS } from '../device/rhythm.ts';
import type { Fleet } from '../fleet/types.ts';
import { disturbances, everyday, type Window } from '../history/incidents.ts';
import type { Occurrence } from '../scenario/plan.ts';
import type { Platform } from './http.ts';
import { agreeDocument } from './settlement.ts';

/** The platform as each side of the contract may use it. */
export interface Sides {
  readonly admin: Platform;
  readonly agency: Platform;
  readonly contractor: Platform;
  /** Who drives out for the contractor. */
  readonly engineer: Platform;
}

/** The demo's fleet and the past that was told of it. */
export interface Scene {
  readonly fleet: Fleet;
  readonly past: Window;
  readonly seed: number;
  /** Of the fleet's devices the first so many live. */
  readonly devices: number;
}

export const CODE = 'HN';
/** Of the local midnight at which the day of an instant begins: the fleet's zone is UTC+8 the year round. */
const dayOf = (atMs: number): string => new Date(atMs + 8 * HOUR_MS).toISOString().slice(0, 10);
const TERM_DAYS = 365;

/**
 * Enters the programme's contract (R-HN-9: 95 % of the network and of the equipment) and what its sides have agreed on and asked for so far: the
 * contract document, one exclusion that is approved, two that wait. If the contract is there already, nothing is done.
 */
export async function enterContract(sides: Sides, { fleet, past, seed }: Scene): Promise<void> {
  const { items } = await sides.admin.get<{ items: readonly { readonly code: string }[] }>('/contracts');
  if (items.some(({ code }) => code === CODE)) return;
  const regions = await idsByCode(sides.admin, '/regions');
  const term = termOf(past);
  const contract = await sides.admin.post<{ readonly id: number }>('/contracts', {
    code: CODE,
    name: '海南基层医疗终端运维服务合同（演示）',
    agency_org_id: await ownOrg(sides.agency),
    contractor_org_id: await ownOrg(sides.contractor),
    term_from: term.from,
    term_to: term.to,
    region_ids: [...regions].filter(([code]) => code === fleet.regions[0]?.code).map(([, id]) => id),
    rules: { network: { target_percent: '95' }, equipment: { target_percent: '95' } },
  });
  await agreeDocument(sides, contract.id, term);
  for (const wish of wishes(fleet, past, seed, regions)) {
    const { approved, ...wanted } = wish;
    const proposed = await sides.contractor.post<Proposed>('/exclusions', { contract_id: contract.id, ...wanted });
    if (!approved) continue;
    const { version } = proposed;
    await sides.agency.post(`/exclusions/${proposed.id}/approve`, { note: '已与供电公司停电通知核对', version });
  }
  await excludeStation(sides, contract.id, fleet, past, seed);
}

/** A year from the day on which the past begins, `[from, to)`. */
export function termOf(past: Window): { readonly from: string; readonly to: string } {
  return { from: dayOf(past.fromMs), to: dayOf(past.fromMs + TERM_DAYS * DAY_MS) };
}

interface Proposed {
  readonly id: number;
  readonly version: number;
}

interface Wish {
  readonly kind: string;
  readonly dimension: 'network' | 'equipment' | 'both';
  readonly region_id: number;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly approved: boolean;
}

/** What the great disturbances of the past gave cause for. */
function wishes(fleet: Fleet, past: Window, seed: number, regions: ReadonlyMap<string, number>): Wish[] {
  const inService = fleet.devices.filter((device) => device.stationCode !== null);
  const great = disturbances(inService, past, seed).flat();
  return [
    { id: 'mass-power-cut', kind: 'site_power_cut', dimension: 'both', reason: '市县凌晨计划停电检修，全部点位断电', approved: true },
    { id: 'county-outage-0', kind: 'force_majeure', dimension: 'network', reason: '运营商基站传输中断，全市县 4G 不可用', approved: false },
  ].flatMap(({ id, ...wish }): Wish[] => {
    const [first] = great.filter((occurrence) => occurrence.id === id);
    const county = inService[first?.device ?? -1]?.countyCode;
    const region_id = regions.get(county ?? '');
    if (region_id === undefined) return [];
    const struck = great.filter((one) => one.id === id && inService[one.device]?.countyCode === county);
    return [{ ...(wish as Omit<Wish, 'from' | 'to'>), region_id, ...spanOf(struck) }];
  }); // biome-ignore format: a table
}

/** The longest time that a single station was cut off: its site says it was closed. */
async function excludeStation(
  sides: Sides,
  contractId: number,
  fleet: Fleet,
  past: Window,
  seed: number,
): Promise<void> {
  const inService = fleet.devices.filter((device) => device.stationCode !== null);
  const cuts = everyday(inService, past, seed)
    .flat()
    .filter(({ id, untilMs }) => id.startsWith('everyday-cut-off') && untilMs !== null && untilMs < past.untilMs)
    .sort((a, b) => lengthOf(b) - lengthOf(a));
  const [longest] = cuts;
  const code = inService[longest?.device ?? -1]?.stationCode;
  if (longest === undefined || !code) return;
  const { items } = await sides.contractor.get<{ items: readonly { id: number; code: string }[] }>(
    `/stations?q=${code}&limit=50`,
  );
  const station = items.find((item) => item.code === code);
  if (station === undefined) return;
  await sides.contractor.post('/exclusions', {
    contract_id: contractId,
    kind: 'site_closed',
    dimension: 'both',
    station_id: station.id,
    ...spanOf([longest]),
    reason: '卫生室装修停业，设备由村医断网收存',
  });
}

function lengthOf({ atMs, untilMs }: Occurrence): number {
  return (untilMs ?? atMs) - atMs;
}

/** From the first beginning to the last end, in whole minutes around them. */
function spanOf(occurrences: readonly Occurrence[]): { readonly from: string; readonly to: string } {
  const minute = 60_000;
  const fromMs = Math.floor(Math.min(...occurrences.map(({ atMs }) => atMs)) / minute) * minute;
  const toMs = Math.ceil(Math.max(...occurrences.map(({ atMs, untilMs }) => untilMs ?? atMs)) / minute) * minute;
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

async function idsByCode(platform: Platform, path: string): Promise<Map<string, number>> {
  const { items } = await platform.get<{ items: readonly { readonly id: number; readonly code: string }[] }>(path);
  return new Map(items.map(({ code, id }) => [code, id]));
}

/** The organisation in whose name a key speaks. */
async function ownOrg(platform: Platform): Promise<number> {
  const { user } = await platform.get<{ user: { readonly org: { readonly id: number } } }>('/session');
  return user.org.id;
}
