import type {
  BeatRecord,
  DeviceRecord,
  EventRecord,
  HealthRecord,
  LogRecord,
  NetRecord,
  RecordKind,
  ResultRecord,
  SimRecord,
} from '@uptally/protocol';
import type { RowSets } from './rows.ts';

/** What all records have in common, as stored. */
export interface Sample {
  readonly deviceKey: number;
  readonly seq: number;
  /** Sample time and reception, Unix ms. */
  readonly ms: number;
  readonly rcvMs: number;
  readonly flags: number;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Adds the row of a record to the set of its kind. */
export function storeRecord(rows: RowSets, sample: Sample, record: DeviceRecord): void {
  const store = STORES.get(record.k);
  if (store !== undefined) {
    store(rows, sample, record as never);
    return;
  }
  const { k, d_mono: _, ...body } = record;
  const { deviceKey, seq, ms, rcvMs, flags } = sample;
  rows.of('other').push(deviceKey, seq, ms, rcvMs, flags, k, JSON.stringify(body));
}

const STORE = {
  beat(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, _: BeatRecord): void {
    rows.of('beat').push(deviceKey, seq, ms, rcvMs, flags);
  },
  health(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, { full, c, m }: HealthRecord): void {
    rows.of('health').push(
      deviceKey, seq, ms, rcvMs, flags, full === true ? 1 : 0, jsonOrNull(c), jsonOrNull(m),
      real(m?.cpu_pct), real(m?.mem_used_pct), real(m?.disk_used_pct), real(m?.temp_c), real(m?.load1),
    ); // biome-ignore format: the columns of rec_health
  },
  net(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, r: NetRecord): void {
    rows.of('net').push(
      deviceKey, seq, ms, rcvMs, flags, real(r.rtt_ms), real(r.jitter_ms), r.sent ?? null, r.lost ?? null, r.pkt ?? null,
      r.pkt_err ?? null, real(r.signal_dbm), real(r.rsrp_dbm), real(r.rsrq_db), real(r.sinr_db),
      r.operator ?? null, r.rat ?? null, r.cell ?? null,
    ); // biome-ignore format: the columns of rec_net
  },
  sim(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, r: SimRecord): void {
    const { rx_bytes, tx_bytes, src = null, iccid = null, imsi = null, imei = null } = r;
    rows.of('sim').push(deviceKey, seq, ms, rcvMs, flags, rx_bytes, tx_bytes, src, iccid, imsi, imei, rows.monthOf(ms));
  },
  event(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, { code, sev = 'info', d }: EventRecord): void {
    const dropped = code === 'spool_dropped' ? droppedRecords(d) : 0;
    rows.of('event').push(deviceKey, seq, ms, rcvMs, flags, code, sev, jsonOrNull(d), dropped);
  },
  result(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, { cmd, state, code, d }: ResultRecord): void {
    const id = UUID.test(cmd) ? cmd : null;
    rows.of('result').push(deviceKey, seq, ms, rcvMs, flags, cmd, id, state, code ?? null, jsonOrNull(d));
  },
  log(rows: RowSets, { deviceKey, seq, ms, rcvMs, flags }: Sample, { lvl, src, msg }: LogRecord): void {
    rows.of('log').push(deviceKey, seq, ms, rcvMs, flags, lvl, src ?? null, msg);
  },
} satisfies Record<RecordKind, unknown>;
const STORES: ReadonlyMap<string, (rows: RowSets, sample: Sample, record: never) => void> = new Map(
  Object.entries(STORE),
);

/** A number that fits `real`, else null. */
function real(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(Math.fround(value)) ? value : null;
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** How many records a `spool_dropped` event tells of. */
function droppedRecords(d: Readonly<Record<string, unknown>> | undefined): number {
  const records = d?.records;
  return typeof records === 'number' && Number.isSafeInteger(records) && records > 0 ? records : 0;
}

const NET_FIELDS = [
  'rtt_ms', 'jitter_ms', 'sent', 'lost', 'pkt', 'pkt_err', 'signal_dbm', 'rsrp_dbm', 'rsrq_db', 'sinr_db', 'operator', 'rat', 'cell',
] as const; // biome-ignore format: the columns of rec_net

/** The fields of a net record that `device_live.net` shows. */
export function netFields(rec: NetRecord): Record<string, unknown> {
  return Object.fromEntries(NET_FIELDS.filter((name) => rec[name] !== undefined).map((name) => [name, rec[name]]));
}
