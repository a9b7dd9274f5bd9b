import { type RegionNames, regionNamesSql } from '../shared/region-names.ts';
import { stateOf } from '../shared/state.ts';
import type { ComponentState, DeviceItem, Lifecycle } from './schemas.ts';

/** Joins that LISTED_COLUMNS need, after `device_list l`. */
export const LISTED_FROM = `
  left join device_live v on v.device_key = l.device_key
  left join device_model m on m.id = l.model_id
  left join site si on si.id = l.site_id
  left join station st on st.id = l.station_id`;

/** Columns of a device as lists and pages show it. `month` is the placeholder of the current month's first day. */
export function LISTED_COLUMNS(month: string): string {
  return `l.device_id, l.serial, l.lifecycle, l.state, l.changed_at, l.signal_dbm, l.rtt_ms,
    case when m.id is not null then json_build_object('id', m.id, 'code', m.code, 'name', m.name) end as model,
    case when si.id is not null then json_build_object('id', si.id, 'code', si.code, 'name', si.name) end as site,
    case when st.id is not null then json_build_object('id', st.id, 'code', st.code, 'name', st.name) end as station,
    ${regionNamesSql('l.region_id')} as region,
    coalesce(v.online, false) as online, coalesce(v.faulty, false) as faulty, coalesce(v.connected, false) as connected,
    v.last_rcv_at as last_seen_at, v.components, v.agent,
    case when v.sim_month = ${month}::date then v.sim_bytes else 0 end as sim_bytes`;
}

/** Live components as ingest keeps them. */
export type LiveComponents = Readonly<
  Record<
    string,
    { readonly s: ComponentState['state']; readonly r?: string; readonly d?: string; readonly since?: string }
  >
>;

export interface ListedRow {
  readonly device_id: string;
  readonly serial: string;
  readonly lifecycle: Lifecycle;
  readonly state: number;
  readonly changed_at: Date | null;
  readonly signal_dbm: number | null;
  readonly rtt_ms: number | null;
  readonly model: DeviceItem['model'];
  readonly site: DeviceItem['site'];
  readonly station: DeviceItem['station'];
  readonly region: RegionNames | null;
  readonly online: boolean;
  readonly faulty: boolean;
  readonly connected: boolean;
  readonly last_seen_at: Date | null;
  readonly components: LiveComponents | null;
  readonly agent: string | null;
  readonly sim_bytes: number;
}

/** The fields that lists and the device page share. */
export function presentListed(row: ListedRow): Omit<DeviceItem, 'components'> {
  return {
    device_id: row.device_id,
    serial: row.serial,
    model: row.model,
    lifecycle: row.lifecycle,
    state: stateOf(row.state),
    online: row.online,
    faulty: row.faulty,
    connected: row.connected,
    last_seen_at: row.last_seen_at,
    changed_at: row.changed_at,
    region: row.region,
    site: row.site,
    station: row.station,
    signal_dbm: row.signal_dbm,
    rtt_ms: row.rtt_ms,
    sim_bytes: row.sim_bytes,
    agent: row.agent,
  };
}

const URGENCY: readonly ComponentState['state'][] = ['fault', 'warn', 'unknown', 'ok', 'absent'];

/** Every component, the worst first. */
export function componentsOf(live: LiveComponents | null): ComponentState[] {
  return Object.entries(live ?? {})
    .map(([component, { s, r, d, since }]) => ({
      component,
      state: s,
      reason: r ?? null,
      detail: d ?? null,
      since: since === undefined ? null : new Date(since).toISOString(),
    }))
    .sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) || (a.component < b.component ? -1 : 1));
}

/** The components that need somebody. */
export function troublesOf(live: LiveComponents | null): ComponentState[] {
  return componentsOf(live).filter(({ state }) => state === 'fault' || state === 'warn');
}
