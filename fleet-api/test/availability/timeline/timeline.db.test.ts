import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import type { Ingest } from '../../../src/ingest/index.ts';
import { addDevices, beat, Clock, openIngest, Speaker } from '../../ingest/support.ts';
import { type TestApi, testApi } from '../../support/api.ts';
import { platformUp } from '../ledger/support.ts';
import { type Fleet, type Hand, handOf, testFleet } from '../support.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const L = 150_000;
/** A Friday, 00:00 in Shanghai. */
const MIDNIGHT = Date.parse('2026-11-20T00:00:00+08:00');
const at = (hours: number): string => new Date(MIDNIGHT + hours * HOUR).toISOString();
const later = (instant: string, ms: number): string => new Date(Date.parse(instant) + ms).toISOString();

let database: TestDatabase;
let api: TestApi;
let clock: Clock;
let ingest: Ingest;
let device: Speaker;
let fleet: Fleet;
let admin: Hand;
let seq: number;
let bootedMs: number;

beforeAll(async () => {
  database = await testDatabase();
  api = await testApi(database.pool);
});
afterAll(async () => {
  await api?.close();
  await database?.close();
});
beforeEach(async () => {
  await database.reset();
  fleet = await testFleet(database.pool);
  clock = new Clock(MIDNIGHT);
  ingest = await openIngest(database.pool, clock);
  seq = 0;
  bootedMs = MIDNIGHT - HOUR;
  const [deviceKey = 0] = await addDevices(database.pool, 1);
  device = new Speaker(deviceKey, clock);
  await database.pool.query('insert into installation (device_key, station_id, from_at) values ($1, $2, $3)', [
    deviceKey,
    fleet.stations.a1,
    at(0),
  ]);
  await platformUp(database.pool, [MIDNIGHT - 24 * HOUR, MIDNIGHT + 48 * HOUR]);
  admin = await handOf(api);
});
afterEach(() => ingest.stop());

/** Beats every minute in `[from, to]`, hours after midnight, each sent at once. */
async function beats(from: number, to: number, boot = 1): Promise<void> {
  for (clock.ms = MIDNIGHT + from * HOUR; clock.ms <= MIDNIGHT + to * HOUR; clock.ms += MINUTE) {
    await device.rec(ingest, { seq0: seq++, recs: [beat()], boot, monoMs: clock.ms - bootedMs });
  }
}

const now = (hours: number): void => {
  clock.ms = MIDNIGHT + hours * HOUR;
  api.clock.now = clock.ms;
};
const timeline = (from: number, to: number) =>
  admin.get(`/stations/${fleet.stations.a1}/timeline?from=${at(from)}&to=${at(to)}`);
const explain = (dimension: string, hours: number, more = '') =>
  admin.get(`/stations/${fleet.stations.a1}/explain?dimension=${dimension}&at=${at(hours)}${more}`);
const states = (segments: { state: string; cause: string; from: string }[]) =>
  segments.map(({ state, cause, from }) => `${from} ${state} ${cause}`);

describe('timeline of a station', () => {
  it('shows both dimensions up to now, and what does not count', async () => {
    await beats(0, 0.5);
    now(2);
    await database.pool.query(
      `insert into exclusion (contract_id, kind, dimension, site_id, from_at, to_at, reason, proposed_by, proposed_org_id, proposed_at)
       values ($1, 'site_power_cut', 'network', $2, $3, $4, 'x', $5, $6, now())`,
      [fleet.contractId, fleet.siteA1, at(1), at(3), admin.userId, fleet.contractor],
    );
    await database.pool.query(
      `insert into station_suspension (station_id, from_at, to_at, reason) values ($1, $2, $3, 'moving')`,
      [fleet.stations.a1, at(2), at(4)],
    );
    const shown = await timeline(-1, 6);
    expect(shown).toMatchObject({ from: at(-1), to: at(6), as_of: at(2), station: { code: 'a1' } });
    expect(states(shown.network)).toEqual([
      `${at(-1)} down no_device`,
      `${at(0)} up beat`,
      `${later(at(0.5), L)} down silent`,
    ]);
    expect(shown.network[1].device_id).toBe('dev-1');
    expect(states(shown.equipment).at(-1)).toBe(`${later(at(0.5), L)} unknown silent`);
    expect(shown.equipment.at(-1).to).toBe(at(2));
    expect(shown.exclusions).toMatchObject([{ state: 'proposed', dimension: 'network', from: at(1), to: at(3) }]);
    expect(shown.not_required).toEqual([{ from: at(2), to: at(4) }]);
    expect(shown.suspensions).toMatchObject([{ from: at(2), to: at(4), reason: 'moving' }]);
    expect(shown.installations).toEqual([{ device_id: 'dev-1', serial: 'S1', from: at(0), to: null }]);
  });

  it('refuses windows that make no sense', async () => {
    now(2);
    const refused = (query: string) => admin.problem('GET', `/stations/${fleet.stations.a1}/timeline?${query}`);
    expect(await refused(`from=${at(2)}&to=${at(1)}`)).toBe('400 invalid_period');
    expect(await refused(`from=${at(0)}&to=${at(93 * 24)}`)).toBe('400 range_too_long');
    expect(await refused('from=2026-11-20T00:00:00')).toBe('400 invalid_request');
    expect(await refused(`from=${at(0)}&contract=99`)).toBe('422 unknown_reference');
    expect(await admin.problem('GET', `/stations/999/timeline?from=${at(0)}`)).toBe('404 not_found');
  });
});

describe('explanation of an instant', () => {
  it('names the beats on both sides of a silence', async () => {
    await beats(0, 0.5);
    const lastSeq = seq - 1;
    await beats(2, 2.5);
    now(3);
    const down = await explain('network', 1);
    expect(down.segment).toMatchObject({
      from: later(at(0.5), L),
      to: at(2),
      state: 'down',
      cause: 'silent',
      counts_as: 'down',
      device_id: 'dev-1',
    });
    expect(down.sentence).toMatchObject([
      { code: 'down_silent', params: { last_beat_at: at(0.5), next_beat_at: at(2), liveness_ms: L, ongoing: false } },
      { code: 'counts_as', params: { as: 'down' } },
    ]);
    expect(down.evidence).toMatchObject([
      { kind: 'installation', role: 'begins', at: at(0) },
      { kind: 'beat', role: 'before', at: at(0.5), received_at: at(0.5), seq: lastSeq },
      { kind: 'beat', role: 'after', at: at(2), seq: lastSeq + 1 },
    ]);
    const up = await explain('network', 0.25);
    expect(up.segment).toMatchObject({ state: 'up', from: at(0), to: later(at(0.5), L), counts_as: 'up' });
    expect(up.evidence.map((item: { role: string; seq: number | null }) => [item.role, item.seq])).toEqual([
      ['begins', 0],
      ['begins', null], // the installation
      ['before', 15],
      ['ends', lastSeq],
    ]);
    const open = await explain('network', 2.75);
    expect(open.sentence[0]).toMatchObject({ code: 'down_silent', params: { ongoing: true, next_beat_at: null } });
    expect(await admin.problem('GET', `/stations/${fleet.stations.a1}/explain?dimension=network&at=${at(3)}`)).toBe(
      '400 invalid_request',
    );
  });

  it('tells records that are missing from a device that was off', async () => {
    await beats(0, 0.5);
    seq += 7; // seven records have not arrived
    await beats(2, 2.5);
    now(3);
    const missing = await explain('equipment', 1);
    expect(missing.segment).toMatchObject({ state: 'unknown', cause: 'missing', counts_as: 'down' });
    expect(missing.sentence[0].params).toMatchObject({ missing_records: 7, first_missing_seq: 31 });

    bootedMs = MIDNIGHT + 4 * HOUR - 20_000;
    await beats(4, 4.5, 2);
    now(5);
    const off = await explain('equipment', 3);
    expect(off.segment).toMatchObject({ state: 'down', cause: 'off', counts_as: 'down' });
    expect(off.evidence.filter((item: { kind: string }) => item.kind === 'boot')).toMatchObject([
      { role: 'ends', at: new Date(bootedMs).toISOString(), device_id: 'dev-1' },
    ]);
  });

  it('names the report that a fault began with, and the one that ended it', async () => {
    await beats(0, 0.5);
    const report = async (s: 'ok' | 'fault') => {
      const component = s === 'ok' ? { s } : { s, r: 'paper_out' };
      const rec = { k: 'health' as const, d_mono: 0, full: false, c: { printer: component } };
      await device.rec(ingest, { seq0: seq++, recs: [rec], monoMs: clock.ms - bootedMs });
    };
    clock.ms = MIDNIGHT + 0.5 * HOUR;
    const faultSeq = seq;
    await report('fault');
    await beats(0.5 + 1 / 60, 1);
    clock.ms = MIDNIGHT + HOUR;
    await report('ok');
    now(1.01);
    const { segment, sentence, evidence } = await explain('equipment', 0.75);
    expect(segment).toMatchObject({ from: at(0.5), to: at(1), state: 'down', cause: 'fault', component: 'printer' });
    expect(sentence[0]).toMatchObject({
      code: 'down_fault',
      params: { fault_reason: 'paper_out', component: 'printer' },
    });
    expect(evidence.filter((item: { kind: string }) => item.kind === 'health')).toMatchObject([
      { role: 'begins', at: at(0.5), seq: faultSeq, detail: { report: { s: 'fault', r: 'paper_out' } } },
      { role: 'ends', at: at(1), detail: { report: { s: 'ok' } } },
    ]);
  });

  it("names the platform's own outage, and counts it against nobody", async () => {
    await database.pool.query('delete from platform_liveness');
    await platformUp(
      database.pool,
      [MIDNIGHT - 24 * HOUR, MIDNIGHT + 0.5 * HOUR],
      [MIDNIGHT + HOUR, MIDNIGHT + 48 * HOUR],
    );
    await beats(0, 0.5);
    await beats(1.05, 1.2);
    now(2);
    const out = await explain('network', 0.75);
    expect(out.segment).toMatchObject({ state: 'unknown', cause: 'platform', counts_as: 'excluded', from: at(0.5) });
    expect(out.sentence[0].params).toMatchObject({ outage_from: at(0.5), outage_to: at(1), recovering: false });
    expect(out.evidence.filter((item: { kind: string }) => item.kind === 'platform')).toMatchObject([
      { role: 'begins', at: at(0.5) },
      { role: 'ends', at: at(1) },
    ]);
    const back = await explain('network', 1 + 1 / 60);
    expect(back.sentence[0].params).toMatchObject({ recovering: true, recovery_ms: 300_000 });
  });

  it('names a clean end, an absent device, an exclusion and a suspension', async () => {
    await beats(0, 0.5);
    await database.pool.query(
      `insert into device_session (device_key, session, began_at, ended_at, end_kind) values ($1, 9, $2, $3, 'clean')`,
      [device.device.deviceKey, at(0), later(at(0.5), 1_000)],
    );
    await database.pool.query('update installation set to_at = $1', [at(3)]);
    await database.pool.query(
      `insert into exclusion (contract_id, kind, dimension, region_id, from_at, to_at, reason, state, proposed_by, proposed_org_id, proposed_at, decided_org_id)
       values ($1, 'force_majeure', 'both', $2, $3, $4, '台风', 'approved', $5, $6, now(), $7)`,
      [fleet.contractId, fleet.countyA, at(1), at(2), admin.userId, fleet.contractor, fleet.agency],
    );
    await database.pool.query(
      `insert into station_suspension (station_id, from_at, to_at, reason) values ($1, $2, null, 'closed')`,
      [fleet.stations.a1, at(4)],
    );
    now(6);
    const ended = await explain('network', 0.75);
    expect(ended.segment).toMatchObject({ state: 'down', cause: 'ended', from: later(at(0.5), 1_000) });
    expect(ended.evidence).toContainEqual(expect.objectContaining({ kind: 'session', role: 'begins' }));
    const excluded = await explain('network', 1.5);
    expect(excluded.segment.counts_as).toBe('excluded');
    expect(excluded.sentence[1]).toMatchObject({
      code: 'excluded_by',
      params: { kind: 'force_majeure', reason: '台风' },
    });
    const ofBaseline = await explain('network', 1.5, `&contract=${fleet.baselineId}`);
    expect(ofBaseline.segment.counts_as).toBe('down'); // what the parties agree on is between them
    const absent = await explain('equipment', 3.5);
    expect(absent.segment).toMatchObject({ state: 'down', cause: 'no_device', counts_as: 'down', device_id: null });
    expect(absent.evidence).toMatchObject([{ kind: 'installation', role: 'begins', at: at(3), device_id: 'dev-1' }]);
    const idle = await explain('equipment', 5);
    expect(idle.segment.counts_as).toBe('not_required');
    expect(idle.sentence[1]).toMatchObject({ code: 'not_required_suspended', params: { reason: 'closed' } });
  });
});
