import { type DeviceRecord, type HealthRecord, livenessMs, type NetRecord } from '@uptally/protocol';
import type { DeviceContext } from './contexts.ts';
import { netFields, storeRecord } from './kinds.ts';
import type { RecordMessage } from './messages.ts';
import { flagsOf } from './place.ts';
import { FLAG_LIVE } from './placement.ts';
import { PAYLOAD_BYTES, type QuarantineGate } from './quarantine.ts';
import { RowSets } from './rows.ts';
import { PARTS, type ShapeName } from './shapes.ts';
import { type Beats, type Span, spansOf } from './spans.ts';
import { type RecordStatement, recordStatement } from './statement.ts';

/** What the newest records of one device say, gathered over a flush. */
export interface DeviceNews {
  readonly deviceKey: number;
  /** L of its beats, ms. */
  readonly livenessMs: number;
  boot: number;
  rcvMs: number;
  lastMs: number | null;
  liveMs: number | null;
  liveSeq: number | null;
  /** Half-open runs of sequence numbers, no two of which overlap. */
  readonly runs: [lo: number, hi: number][];
  readonly live: Beats;
  readonly late: Beats;
  healths: { readonly ms: number; readonly rec: HealthRecord }[] | null;
  nets: { readonly ms: number; readonly rec: NetRecord }[] | null;
}

const CORE: ReadonlySet<ShapeName> = new Set(PARTS.core);
const SPANS: ReadonlySet<ShapeName> = new Set(PARTS.spans);
const READINGS: ReadonlySet<ShapeName> = new Set(PARTS.readings);

/** Turns placed messages into the rows of one statement. A (device, seq) that comes twice in a flush is taken once. */
export class Flush {
  readonly devices = new Map<number, DeviceNews>();
  records = 0;
  repeated = 0;
  readonly #rows: RowSets;
  readonly #gate: QuarantineGate;

  constructor(expected: number, gate: QuarantineGate, monthOf: (ms: number) => number) {
    this.#rows = new RowSets({ expectedBeats: expected, monthOf });
    this.#gate = gate;
  }

  add(message: RecordMessage): void {
    const { context, placed, batch, receivedMs } = message;
    if (context === undefined || placed === undefined) return;
    const { deviceKey } = context;
    const news = this.#newsOf(context, batch.cur, receivedMs);
    const { records } = batch;
    for (let i = 0; i < records.length; i += 1) {
      const record = records[i];
      if (record === undefined || !this.#claim(news, record.seq)) continue;
      const ms = placed.times[i] ?? null;
      if (ms === null) {
        this.#reject(message, record.seq, 'too_old', 'sample is more than 400 days old', record.rec);
        continue;
      }
      const flags = flagsOf(placed, ms, receivedMs, context.beatMs);
      this.#note(news, record.seq, ms, flags);
      if (record.rec.k === 'beat') ((flags & FLAG_LIVE) === 0 ? news.late : news.live).push(ms, record.seq);
      storeRecord(this.#rows, { deviceKey, seq: record.seq, ms, rcvMs: receivedMs, flags }, record.rec);
      this.#picture(news, ms, record.rec);
      if (record.rec.k === 'health') this.#report(deviceKey, record.seq, ms, (record.rec as HealthRecord).c);
      this.records += 1;
    }
    for (const { seq, reason, raw } of batch.rejects) {
      if (this.#claim(news, seq)) this.#reject(message, seq, 'bad_record', reason, raw);
    }
    if (placed.anchor !== null) {
      const { fromMonoMs, offsetMs, wallOffsetMs } = placed.anchor;
      this.#rows.of('anchor').push(deviceKey, batch.boot, fromMonoMs, offsetMs, wallOffsetMs);
    }
  }

  /**
   * The statement and its parameters; null if there is nothing to store. Without `repeats` it leaves out devices whose records came before
   * and tells of them; with, it takes any.
   */
  finish(
    nowMs: number,
    repeats: boolean,
  ): { readonly statement: RecordStatement; readonly values: readonly (Buffer | string)[] } | null {
    if (this.devices.size === 0) return null;
    for (const news of this.devices.values()) this.#finishDevice(news);
    const used = this.#rows.used();
    const statement = recordStatement({
      repeats,
      spans: used.some((name) => SPANS.has(name)),
      readings: used.some((name) => READINGS.has(name)),
      happenings: used.some((name) => !CORE.has(name) && !SPANS.has(name) && !READINGS.has(name)),
    });
    const values: (Buffer | string)[] = [new Date(nowMs).toISOString()];
    for (const name of statement.shapes) values.push(...this.#rows.of(name).params());
    return { statement, values };
  }

  #newsOf({ deviceKey, beatMs }: DeviceContext, boot: number, rcvMs: number): DeviceNews {
    const known = this.devices.get(deviceKey);
    if (known !== undefined) {
      known.boot = Math.max(known.boot, boot);
      known.rcvMs = Math.max(known.rcvMs, rcvMs);
      return known;
    }
    const news: DeviceNews = {
      deviceKey, livenessMs: livenessMs(beatMs), boot, rcvMs, lastMs: null, liveMs: null, liveSeq: null, runs: [], live: [], late: [],
      healths: null, nets: null,
    }; // biome-ignore format: one row
    this.devices.set(deviceKey, news);
    return news;
  }

  /** Takes a sequence number; false if this flush has it already. */
  #claim(news: DeviceNews, seq: number): boolean {
    const { runs } = news;
    const last = runs.at(-1);
    if (last !== undefined && seq === last[1] && runs.length === 1) {
      last[1] = seq + 1;
      return true;
    }
    for (const run of runs) {
      if (seq >= run[0] && seq < run[1]) {
        this.repeated += 1;
        return false;
      }
    }
    const before = runs.find((run) => run[1] === seq);
    if (before !== undefined) before[1] = seq + 1;
    else runs.push([seq, seq + 1]);
    return true;
  }

  #note(news: DeviceNews, seq: number, ms: number, flags: number): void {
    if (news.lastMs === null || ms > news.lastMs) news.lastMs = ms;
    if ((flags & FLAG_LIVE) !== 0 && (news.liveMs === null || ms >= news.liveMs)) {
      news.liveMs = ms;
      news.liveSeq = seq;
    }
  }

  /** Keeps what `device_live` shows of a record. */
  #picture(news: DeviceNews, ms: number, record: DeviceRecord): void {
    if (record.k === 'health') {
      news.healths ??= [];
      news.healths.push({ ms, rec: record as HealthRecord });
    } else if (record.k === 'net') {
      news.nets ??= [];
      news.nets.push({ ms, rec: record as NetRecord });
    }
  }

  /** Keeps what a record says of components for the ledger: `absent` and `unknown` decide nothing. */
  #report(deviceKey: number, seq: number, ms: number, components: HealthRecord['c']): void {
    for (const [name, { s }] of Object.entries(components ?? {})) {
      if (s === 'ok' || s === 'warn' || s === 'fault') this.#rows.of('report').push(deviceKey, seq, ms, name, s);
    }
  }

  #reject(message: RecordMessage, seq: number, code: string, reason: string, raw: unknown): void {
    if (message.context === undefined || !this.#gate.admits(message.device.deviceId, message.receivedMs)) return;
    const payload = Buffer.from(JSON.stringify(raw) ?? '').subarray(0, PAYLOAD_BYTES);
    this.#rows
      .of('reject')
      .push(message.context.deviceKey, seq, message.receivedMs, code, reason.slice(0, 500), payload);
  }

  #finishDevice(news: DeviceNews): void {
    const { deviceKey } = news;
    const live = spansOf(news.live, news.livenessMs);
    const head = live.at(-1);
    this.#rows.of('dev').push(
      deviceKey, news.boot, news.rcvMs, news.lastMs, news.liveMs, news.liveSeq, news.livenessMs,
      head?.from ?? null, head?.to ?? null, head?.fromSeq ?? null, head?.toSeq ?? null,
    ); // biome-ignore format: one row
    for (const [lo, hi] of news.runs) this.#rows.of('run').push(deviceKey, lo, hi);
    this.#finishSpans(deviceKey, 1, live.slice(0, -1));
    this.#finishSpans(deviceKey, 0, spansOf(news.late, news.livenessMs));
    if (news.healths === null && news.nets === null) return;
    const healths = (news.healths ?? []).sort((a, b) => a.ms - b.ms);
    const nets = (news.nets ?? []).sort((a, b) => a.ms - b.ms);
    const metrics = Object.assign({}, ...healths.map(({ rec }) => rec.m ?? {})) as Record<string, number>;
    const net = Object.assign({}, ...nets.map(({ rec }) => netFields(rec))) as Record<string, unknown>;
    this.#rows.of('picture').push(
      deviceKey, healths.at(-1)?.ms ?? null, healths.length > 0 ? JSON.stringify(metrics) : null,
      nets.at(-1)?.ms ?? null, nets.length > 0 ? JSON.stringify(net) : null,
    ); // biome-ignore format: one row
    this.#finishParts(deviceKey, healths);
  }

  #finishSpans(deviceKey: number, live: number, spans: readonly Span[]): void {
    for (const { from, to, fromSeq, toSeq } of spans) {
      this.#rows.of('span').push(deviceKey, live, from, to, fromSeq, toSeq);
    }
  }

  /** Reports of one component in order of time become one row: its newest state and since when that holds. */
  #finishParts(deviceKey: number, healths: readonly { readonly ms: number; readonly rec: HealthRecord }[]): void {
    const parts = new Map<string, { s: string; r: string | null; d: string | null; ms: number; since: number }>();
    for (const { ms, rec } of healths) {
      for (const [name, { s, r = null, d = null }] of Object.entries(rec.c ?? {})) {
        const before = parts.get(name);
        parts.set(name, { s, r, d, ms, since: before !== undefined && before.s === s ? before.since : ms });
      }
    }
    for (const [name, { s, r, d, ms, since }] of parts) this.#rows.of('part').push(deviceKey, name, s, r, d, ms, since);
    const full = healths.findLast(({ rec }) => rec.full === true && rec.c !== undefined);
    if (full !== undefined) this.#rows.of('whole').push(deviceKey, full.ms, [...parts.keys()].join(','));
  }
}
