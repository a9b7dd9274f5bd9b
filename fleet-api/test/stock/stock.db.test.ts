import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { inTransaction } from '../../src/db/index.ts';
import { openFault } from '../../src/faults/open.ts';
import { at, type Hand, handOf, NOW_MS, outcome, type Parties, testParties } from '../exclusions/support.ts';
import { type TestApi, testApi } from '../support/api.ts';

const HOUR_MS = 3_600_000;
let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let engineer: Hand;
let manager: Hand;

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
  api.clock.now = NOW_MS;
  parties = await testParties(database.pool);
  await database.pool.query('update stock_movement set at = $1', [at(0)]); // seeded devices come with the present of the database
  manager = await handOf(api, parties.contractor, 'manager');
  engineer = await handOf(api, parties.contractor, 'engineer', [parties.ours.countyId]);
});

const put = (path: string, payload: object, by: Hand = manager) =>
  api.app.inject({ method: 'PUT', url: `/api/v1${path}`, headers: { cookie: by.person.cookie }, payload });
const s1 = () => parties.ours.stations[0] as number;
const d1 = () => parties.ours.devices[0] as string;
const [spare1, spare2] = [() => parties.ours.spares[0] as string, () => parties.ours.spares[1] as string];
const swap = (changes: object = {}) => ({ spare: spare1(), old_device_id: d1(), reason: '打印机损坏', ...changes });
const replaced = async (changes: object = {}, station = s1()) => {
  const response = await engineer.post(`/stations/${station}/replace`, swap(changes));
  expect(response.statusCode, response.body).toBe(200);
  return response.json();
};
const life = async (id: string): Promise<string[]> =>
  (await engineer.get(`/devices/${id}/life`)).json().items.map((entry: { kind: string }) => entry.kind);
const deviceOf = async (id: string) => (await manager.get(`/devices/${id}`)).json();
const wipe = (id: number, changes: object = {}) =>
  engineer.post(`/stock/wipes/${id}/records`, { method: 'overwrite', result: 'clean', version: 1, ...changes });
/** A fault of the first station and its order. */
const broken = () =>
  inTransaction(database.pool, (client) =>
    openFault(client, {
      stationId: s1(),
      source: 'person',
      cause: 'printer',
      openedAtMs: NOW_MS - 2 * HOUR_MS,
      nowMs: NOW_MS - 2 * HOUR_MS,
    }),
  );
const models = async () => {
  const { rows } = await database.pool.query<{ id: number }>(
    `insert into device_model (code, name) values ('pos-1', 'POS 一型'), ('pos-2', 'POS 二型') returning id`,
  );
  const [one, two] = rows.map(({ id }) => id) as [number, number];
  await database.pool.query('update device set model_id = $1', [one]);
  return { one, two };
};

describe('replacing a device', () => {
  it('is one act: stations, life-cycles, ledger, wipe check, story and clocks', async () => {
    const { faultId, orderId } = await broken();
    const offer = (await engineer.get(`/stations/${s1()}/replacement`)).json();
    expect(offer).toMatchObject({
      store: { id: parties.ours.countyId },
      old: { device_id: d1() },
      orders: [{ id: orderId, number: 'W-000001' }],
      spares: [
        { device: { device_id: spare1() }, here: true, wiped: true, fit: 'unknown' },
        { device: { device_id: spare2() } },
      ],
    });
    const when = new Date(NOW_MS - HOUR_MS).toISOString();
    const done = await replaced({ spare: spare1().toUpperCase(), work_order_id: orderId, at: when });
    expect(done).toMatchObject({ old_device_id: d1(), new_device_id: spare1(), station: { device: { since: when } } });
    expect(await deviceOf(d1())).toMatchObject({ lifecycle: 'in_repair', region: { id: parties.ours.countyId } });
    expect(await deviceOf(spare1())).toMatchObject({ lifecycle: 'in_service', station: { id: s1() } });

    const { items } = (await engineer.get('/stock/movements?limit=2')).json();
    const common = {
      at: when,
      order: { id: orderId },
      user: { id: engineer.person.userId },
      note: '打印机损坏',
      station: { id: s1() },
    };
    expect(items).toMatchObject([
      { ...common, kind: 'installed', device: { device_id: spare1() }, from: { id: parties.ours.countyId } },
      { ...common, kind: 'removed', device: { device_id: d1() }, to_lifecycle: 'in_repair' },
    ]);
    const { rows: log } = await database.pool.query(
      'select kind, at from case_event where fault_id = $1 order by seq',
      [faultId],
    );
    expect(log).toMatchObject([{ kind: 'opened' }, { kind: 'temporarily_restored', at: new Date(when) }]);
    const { rows: story } = await database.pool.query(
      'select kind, detail from work_order_entry where work_order_id = $1 order by id',
      [orderId],
    );
    expect(story).toMatchObject([
      { kind: 'opened' },
      { kind: 'swap', detail: { old: d1().toUpperCase(), new: spare1().toUpperCase() } },
      { kind: 'restored' },
    ]);
    const { rows: orders } = await database.pool.query('select state from work_order where id = $1', [orderId]);
    expect(orders).toEqual([{ state: 'restored' }]);
    expect((await engineer.get('/stock/wipes')).json().items).toMatchObject([
      { id: done.wipe_check_id, device: { device_id: d1() }, state: 'pending', order: { id: orderId } },
    ]);
    expect(await life(d1())).toEqual(expect.arrayContaining(['removed', 'installed', 'fault', 'received']));
    const audit = await database.pool.query(`select detail from audit_log where action = 'device.swapped'`);
    expect(audit.rows).toMatchObject([{ detail: { work_order_id: orderId, device_id: spare1() } }]);
  });

  it('tells the second of two people who replace the same device', async () => {
    const answers = await Promise.all(
      [spare1(), spare2()].map((spare) => engineer.post(`/stations/${s1()}/replace`, swap({ spare }))),
    );
    expect(answers.map((a) => a.statusCode).sort()).toEqual([200, 409]);
    expect(answers.find((a) => a.statusCode === 409)?.json().code).toBe('conflict');
    const { rows } = await database.pool.query(
      `select kind from stock_movement where kind in ('installed', 'removed')`,
    );
    expect(rows).toHaveLength(2);
  });

  it('gives one spare to one of two stations', async () => {
    const [a, b] = parties.ours.stations as [number, number];
    const [x, y] = parties.ours.devices as [string, string];
    const answers = await Promise.all([
      engineer.post(`/stations/${a}/replace`, swap({ old_device_id: x })),
      engineer.post(`/stations/${b}/replace`, swap({ old_device_id: y })),
    ]);
    expect(answers.map((r) => r.json().code ?? 'done').sort()).toEqual(['device_installed', 'done']);
  });

  it('is refused with a reason, and nothing is half-done', async () => {
    const { one, two } = await models();
    const { orderId } = await broken();
    const set = (column: string, value: unknown) =>
      database.pool.query(`update device set ${column} = $1 where device_id = $2`, [value, spare1()]);
    const codes: string[] = [];
    const attempt = async (changes: object = {}, by = engineer) =>
      codes.push((await by.post(`/stations/${s1()}/replace`, swap(changes))).json().code);
    await attempt({ spare: parties.ours.devices[1] });
    await attempt({ spare: 'nothing' });
    await attempt({ spare: parties.theirs.spares[0] });
    await attempt({ spare: parties.theirs.spares[0] }, manager);
    await attempt({ old_device_id: spare2() });
    await attempt({ work_order_id: 999 });
    await attempt({ at: new Date(NOW_MS + 1000).toISOString() });
    await attempt({ at: at(0) });
    await attempt({ work_order_id: orderId, at: new Date(NOW_MS - 3 * HOUR_MS).toISOString() });
    await set('org_id', parties.other);
    await attempt();
    await set('org_id', parties.contractor);
    await set('model_id', two);
    await attempt();
    await set('model_id', one);
    await set('lifecycle', 'retired');
    await attempt();
    await set('lifecycle', 'in_repair');
    await attempt();
    expect(codes).toEqual([
      'device_installed',
      'unknown_reference',
      'out_of_scope',
      'spare_elsewhere',
      'conflict',
      'order_not_here',
      'invalid_request',
      'installation_overlap',
      'step_time',
      'spare_of_other_contractor',
      'spare_incompatible',
      'device_retired',
      'not_in_stock',
    ]);
    const theirs = await handOf(api, parties.other, 'engineer');
    await database.pool.query('update device set org_id = $1 where device_id = $2', [parties.contractor, d1()]);
    expect(outcome(await theirs.post(`/stations/${s1()}/replace`, swap()))[1]).toBe('spare_of_other_contractor');
    const { rows } = await database.pool.query(
      `select (select count(*)::int from installation where to_at is not null) as ended,
         (select count(*)::int from wipe_check) as checks, (select state from work_order where id = $1) as state`,
      [orderId],
    );
    expect(rows).toEqual([{ ended: 0, checks: 0, state: 'new' }]);
  });

  it('takes a stand-in model, and a spare that is brought from elsewhere', async () => {
    const { one, two } = await models();
    await database.pool.query('update device set model_id = $1 where device_id = any ($2)', [two, parties.ours.spares]);
    expect((await engineer.get(`/stations/${s1()}/replacement`)).json().spares).toEqual([]);
    expect((await put(`/stock/stand-ins/${one}`, { stand_in_ids: [two] })).statusCode).toBe(200);
    const { spares } = (await manager.get(`/stations/${s1()}/replacement`)).json();
    expect(spares.map((s: { here: boolean; fit: string }) => [s.here, s.fit])).toEqual([
      [true, 'compatible'],
      [true, 'compatible'],
      [false, 'same'],
      [false, 'same'],
    ]);
    await replaced();
    const far = { spare: parties.theirs.spares[0], old_device_id: spare1(), at: new Date(NOW_MS).toISOString() };
    api.clock.now += 1000;
    const response = await manager.post(`/stations/${s1()}/replace`, {
      ...swap(far),
      at: new Date(NOW_MS + 500).toISOString(),
      from_elsewhere: true,
    });
    expect(response.statusCode, response.body).toBe(409); // a stand-in of type two is replaced by the same or its own stand-ins
    expect((await put(`/stock/stand-ins/${two}`, { stand_in_ids: [one] })).statusCode).toBe(200);
    const again = { ...swap(far), at: new Date(NOW_MS + 500).toISOString(), from_elsewhere: true };
    expect((await manager.post(`/stations/${s1()}/replace`, again)).statusCode).toBe(200);
  });
});

describe('a device that left a station', () => {
  it('goes nowhere but back before it is recorded as wiped (R-DG-10)', async () => {
    const { wipe_check_id: id } = await replaced({ old_lifecycle: 'in_stock' });
    const [, s2] = parties.ours.stations as [number, number];
    const [, d2] = parties.ours.devices as [string, string];
    const refused = await Promise.all([
      engineer.post(`/devices/${d1()}/repairs`, { carrier: '顺丰' }),
      manager.post('/stock/transfers', { device_ids: [d1()], region_id: parties.theirs.countyId, reason: '调拨' }),
      engineer.post(`/stations/${s2}/replace`, swap({ spare: d1(), old_device_id: d2 })),
      manager.post(`/stations/${s2}/swap`, { device_id: d1(), reason: 'x' }),
      manager.patch(`/devices/${d1()}`, { region_id: parties.theirs.countyId }),
    ]);
    expect(refused.map((r) => r.json().code)).toEqual(Array(5).fill('wipe_missing'));
    expect(outcome(await wipe(id, { result: 'failed' }))[0]).toBe(200);
    expect((await engineer.post(`/devices/${d1()}/repairs`, {})).json().detail).toContain('failed');
    expect(outcome(await wipe(id))).toEqual([412, 'version_conflict']);
    expect(outcome(await wipe(id, { version: 2, at: at(1) }))).toEqual([400, 'invalid_request']);
    const clean = await wipe(id, { version: 2, note: '三次覆写' });
    expect(clean.json()).toMatchObject({
      state: 'clean',
      wiped_by: { id: engineer.person.userId },
      records: [{ result: 'failed' }, { result: 'clean', method: 'overwrite', note: '三次覆写' }],
    });
    expect(outcome(await wipe(id, { version: 3 }))).toEqual([409, 'conflict']);
    expect((await engineer.post(`/stations/${s2}/replace`, swap({ spare: d1(), old_device_id: d2 }))).statusCode).toBe(
      200,
    );
  });

  it('may go back as it is: there is nothing to wipe then', async () => {
    await replaced({ old_lifecycle: 'in_stock' });
    api.clock.now += 1000;
    await replaced({ spare: d1(), old_device_id: spare1() });
    const { items } = (await engineer.get('/stock/wipes?state=all')).json();
    expect(items).toMatchObject([
      { device: { device_id: spare1() }, state: 'pending' },
      { device: { device_id: d1() }, state: 'void' },
    ]);
  });

  it('can be wiped on the spot', async () => {
    const { wipe_check_id } = await replaced({ wipe: { method: 'disk_removed', result: 'clean' } });
    const check = (await engineer.get(`/stock/wipes/${wipe_check_id}`)).json();
    expect(check).toMatchObject({ state: 'clean', method: 'disk_removed', files: [] });
    expect((await engineer.post(`/devices/${d1()}/repairs`, {})).statusCode).toBe(201);
  });
});

describe('the repair centre', () => {
  it('is gone through with carrier, diagnosis and costs, and back to the station in one act (R-HN-4)', async () => {
    const { orderId } = await broken();
    await replaced({ work_order_id: orderId, wipe: { method: 'overwrite', result: 'clean' } });
    expect(
      (
        await put(`/devices/${d1()}/purchase`, {
          purchased_on: '2025-03-01',
          warranty_until: '2026-03-10',
          supplier: '甲',
        })
      ).statusCode,
    ).toBe(200);
    api.clock.now += HOUR_MS;
    const sent = await engineer.post(`/devices/${d1()}/repairs`, {
      carrier: '顺丰',
      tracking_no: 'SF1',
      due_on: '2026-03-10',
    });
    expect(sent.json()).toMatchObject({ warranty: 'in', home: { id: s1() }, order: { id: orderId }, overdue: false });
    const { id } = sent.json();
    expect(outcome(await engineer.post(`/devices/${d1()}/repairs`, {}))[1]).toBe('repair_open');
    expect(
      (await engineer.get('/stock'))
        .json()
        .stores.find((s: { store: { id: number } }) => s.store.id === parties.ours.countyId).models,
    ).toMatchObject([{ in_stock: 1, in_repair: 0, at_centre: 1 }]);
    for (const hours of [7, 13]) {
      api.clock.now = NOW_MS + hours * HOUR_MS; // in steps that keep people signed in
      await manager.get('/stock');
      await engineer.get('/stock');
    }
    expect((await engineer.get('/stock/repairs')).json().items).toMatchObject([{ id, overdue: true }]);
    const back = { outcome: 'repaired', diagnosis: '更换切刀', repair_fen: 12_000, logistics_fen: 3_500, version: 1 };
    expect(outcome(await engineer.post(`/stock/repairs/${id}/return`, { ...back, version: 9 }))[1]).toBe(
      'version_conflict',
    );
    expect(
      outcome(await engineer.post(`/stock/repairs/${id}/swap-back`, { reason: 'x', old_device_id: spare1() }))[1],
    ).toBe('repair_state');
    expect((await engineer.post(`/stock/repairs/${id}/return`, back)).json()).toMatchObject({
      outcome: 'repaired',
      lifecycle: 'in_stock',
      can_swap_back: true,
      home_device: { device_id: spare1() },
    });
    expect(outcome(await engineer.post(`/stock/repairs/${id}/return`, back))[1]).toBe('repair_state');
    api.clock.now += HOUR_MS;
    const home = { reason: '修复换回', old_device_id: spare1(), work_order_id: orderId };
    expect((await engineer.post(`/stock/repairs/${id}/swap-back`, home)).json()).toMatchObject({
      lifecycle: 'in_service',
      can_swap_back: false,
      swapped_back_at: new Date(api.clock.now).toISOString(),
    });
    expect(outcome(await engineer.post(`/stock/repairs/${id}/swap-back`, home))[1]).toBe('repair_state');
    expect(await deviceOf(spare1())).toMatchObject({ lifecycle: 'in_stock' });
    expect((await life(d1())).slice(0, 5)).toEqual(['installed', 'returned', 'sent', 'wiped', 'removed']);
    const { rows } = await database.pool.query(
      `select kind from work_order_entry where work_order_id = $1 order by id`,
      [orderId],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['opened', 'swap', 'restored', 'swap']);
  });

  it('scraps what can not be repaired', async () => {
    await replaced({ wipe: { method: 'destroyed', result: 'clean' } });
    const { id } = (await engineer.post(`/devices/${d1()}/repairs`, { warranty: 'out' })).json();
    expect((await engineer.post(`/stock/repairs/${id}/return`, { outcome: 'scrapped', version: 1 })).statusCode).toBe(
      200,
    );
    expect(await deviceOf(d1())).toMatchObject({ lifecycle: 'retired' });
  });
});

interface RandomAct {
  readonly what: 'transfer' | 'swap' | 'remove' | 'install' | 'retire' | 'send' | 'patch' | 'wipe';
  readonly device: string;
  readonly region: number;
  readonly station: number;
  readonly lifecycle: string;
}

/** Tries an act; many are refused. */
async function perform({ what, device, region, station, lifecycle }: RandomAct): Promise<void> {
  const reason = 'x';
  const acts: Readonly<Record<RandomAct['what'], () => Promise<unknown>>> = {
    transfer: () => manager.post('/stock/transfers', { device_ids: [device], region_id: region, reason }),
    swap: () => manager.post(`/stations/${station}/swap`, { device_id: device, reason, old_lifecycle: lifecycle }),
    remove: () => manager.post(`/stations/${station}/remove`, { reason, lifecycle }),
    install: () => manager.post(`/stations/${station}/install`, { device_id: device, reason }),
    retire: () => manager.post(`/devices/${device}/retire`, { reason }),
    send: () => manager.post(`/devices/${device}/repairs`, {}),
    patch: () => manager.patch(`/devices/${device}`, { lifecycle }),
    wipe: () => database.pool.query(`update wipe_check set state = 'clean' where state = 'pending'`),
  };
  await acts[what]();
}

describe('stores', () => {
  it('tell once when they fall below their minimum', async () => {
    const { one } = await models();
    const region_id = parties.ours.countyId;
    expect((await put('/stock/minimums', { region_id, model_id: one, minimum: 2 })).statusCode).toBe(204);
    expect(
      (await put('/stock/minimums', { region_id: parties.ours.townshipId, model_id: one, minimum: 2 })).statusCode,
    ).toBe(400);
    expect((await put('/stock/minimums', { region_id, model_id: one, minimum: 2 }, engineer)).statusCode).toBe(403);
    await replaced();
    const [, s2] = parties.ours.stations as [number, number];
    await replaced({ spare: spare2(), old_device_id: parties.ours.devices[1] }, s2);
    const { rows } = await database.pool.query(`select payload from outbox where kind = 'stock.low'`);
    expect(rows).toEqual([{ payload: { what: 'spares', region_id, model_id: one, left: 1, minimum: 2 } }]);
    expect((await engineer.get('/stock')).json()).toMatchObject({
      low: 1,
      stores: [{ models: [{ in_stock: 0, in_repair: 2, minimum: 2, missing: 2 }] }],
    });
  });

  it('take new devices in, and retire old ones', async () => {
    const wish = { serials: ['SN-9', 'SN-8'], model_id: null, region_id: parties.ours.countyId };
    const { devices } = (await engineer.post('/stock/receipts', wish)).json();
    expect(await deviceOf(devices[0])).toMatchObject({
      serial: 'SN-9',
      lifecycle: 'in_stock',
      org: { id: parties.contractor },
    });
    expect(outcome(await engineer.post('/stock/receipts', { ...wish, serials: ['SN-7', 'SN-8'] }))[1]).toBe(
      'already_exists',
    );
    expect((await engineer.get('/stock/spares?q=SN-7')).json().items).toEqual([]);
    expect((await engineer.post(`/devices/${devices[0]}/retire`, { reason: '摔坏' })).statusCode).toBe(200);
    expect(outcome(await engineer.post(`/devices/${d1()}/retire`, { reason: 'x' }))[1]).toBe('device_installed');
    expect(await life(devices[0])).toEqual(['retired', 'received']);
  });

  it('hold what their movements add up to, whatever happened', async () => {
    const all = [...parties.ours.spares, ...parties.theirs.spares, ...parties.ours.devices, ...parties.theirs.devices];
    const regions = [parties.ours.countyId, parties.theirs.countyId];
    const stations = [...parties.ours.stations, ...parties.theirs.stations];
    const act: fc.Arbitrary<RandomAct> = fc.record({
      what: fc.constantFrom('transfer', 'swap', 'remove', 'install', 'retire', 'send', 'patch', 'wipe'),
      device: fc.constantFrom(...all),
      region: fc.constantFrom(...regions),
      station: fc.constantFrom(...stations),
      lifecycle: fc.constantFrom('in_stock', 'in_repair'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 8, maxLength: 20 }), async (acts) => {
        for (const one of acts) {
          api.clock.now += 1000;
          await perform(one);
        }
        const { rows } = await database.pool.query(`
          select s.region, s.lifecycle, coalesce(h.n, 0)::int as held, s.n::int as summed from (
            select region, lifecycle, sum(n) as n from (
              select to_region as region, to_lifecycle as lifecycle, 1 as n from stock_movement
              union all select from_region, from_lifecycle, -1 from stock_movement where from_lifecycle is not null) m
            where lifecycle <> 'in_service' group by region, lifecycle) s
          full join (select region_id as region, lifecycle, count(*) as n from device where lifecycle <> 'in_service'
            group by 1, 2) h using (region, lifecycle)
          where coalesce(h.n, 0) <> coalesce(s.n, 0)`);
        expect(rows).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });
});

describe('parts', () => {
  it('are never fewer than none, and are what their movements add up to', async () => {
    const made = await manager.post('/stock/parts', { code: 'PB-01', name: '打印头', unit: '个', price_fen: 8800 });
    expect(made.statusCode, made.body).toBe(201);
    const { id } = made.json();
    const region_id = parties.ours.countyId;
    const move = (changes: object) =>
      engineer.post(`/stock/parts/${id}/movements`, { region_id, kind: 'out', quantity: 3, ...changes });
    expect(outcome(await move({}))).toEqual([409, 'part_short']);
    expect((await put(`/stock/parts/${id}/minimum`, { region_id, minimum: 4 })).statusCode).toBe(200);
    expect((await move({ kind: 'in', quantity: 10 })).json().stores).toEqual([
      { store: { id: region_id, name: 'AA县' }, quantity: 10, minimum: 4, missing: 0 },
    ]);
    const { orderId } = await broken();
    const answers = await Promise.all([1, 2, 3, 4].map(() => move({ work_order_id: orderId })));
    expect(answers.map((a) => a.statusCode).sort()).toEqual([200, 200, 200, 409]);
    expect(outcome(await move({ kind: 'correction', quantity: 5 }))).toEqual([400, 'invalid_request']);
    expect((await move({ kind: 'correction', quantity: 2, reason: '盘点' })).json().stores[0]).toMatchObject({
      quantity: 2,
      missing: 2,
    });
    const { items } = (await engineer.get(`/stock/part-movements?part=${id}`)).json();
    expect(items.map((m: { change: number; quantity: number }) => [m.change, m.quantity])).toEqual([
      [1, 2],
      [-3, 1],
      [-3, 4],
      [-3, 7],
      [10, 10],
    ]);
    expect(items[1]).toMatchObject({ order: { id: orderId, number: 'W-000001' }, part: { code: 'PB-01' } });
    const low = await database.pool.query(`select payload from outbox where kind = 'stock.low'`);
    expect(low.rows).toEqual([{ payload: { what: 'parts', region_id, part_id: id, left: 1, minimum: 4 } }]);
    expect(outcome(await manager.post('/stock/parts', { code: 'PB-01', name: 'x', unit: '个', price_fen: 0 }))[1]).toBe(
      'already_exists',
    );
  });
});

describe('parts of a work order', () => {
  it('leave the store as its line, and come back when the line is struck off', async () => {
    const { id } = (
      await manager.post('/stock/parts', { code: 'PB-02', name: '切刀', unit: '个', price_fen: 1200 })
    ).json();
    const region_id = parties.ours.countyId;
    await engineer.post(`/stock/parts/${id}/movements`, { region_id, kind: 'in', quantity: 2 });
    const { orderId } = await broken();
    const take = (qty: number) => engineer.post(`/orders/${orderId}/store-parts`, { part_id: id, region_id, qty });
    expect(outcome(await take(3))[1]).toBe('part_short');
    const taken = (await take(2)).json();
    expect(taken).toMatchObject({ parts: [{ name: '切刀', qty: 2, unit_fen: 1200, part_id: id }] });
    expect(outcome(await take(1))[1]).toBe('part_short');
    const back = await engineer.delete(`/orders/${orderId}/store-parts/${taken.parts[0].id}`);
    expect(back.json()).toMatchObject({ parts: [] });
    expect(outcome(await engineer.delete(`/orders/${orderId}/store-parts/${taken.parts[0].id}`))[0]).toBe(404);
    const { items } = (await engineer.get('/stock/parts')).json();
    expect(items).toMatchObject([{ stores: [{ quantity: 2 }] }]);
  });
});

describe('warranty', () => {
  it('is taken over from a table wholly or not at all, and shown when it ends soon', async () => {
    const table = `序列号,质保到期,购置日期\n${d1().toUpperCase()},2026/4/1,2023-04-02\nNOPE,2026-04-01,\n`;
    const load = (changes: object = {}) => manager.post('/stock/purchases/import', { table, ...changes });
    expect((await load()).json()).toEqual({
      rows: 2,
      changed: 0,
      committed: false,
      faults: [{ line: 3, column: 'device', problem: 'unknown', value: 'NOPE' }],
    });
    const good = table.replace('NOPE', spare1());
    expect((await load({ table: good, dry_run: true })).json()).toMatchObject({ committed: false, faults: [] });
    expect((await load({ table: good })).json()).toMatchObject({ changed: 2, committed: true });
    expect((await load({ table: good })).json()).toMatchObject({ changed: 0, committed: true });
    const { items } = (await engineer.get('/stock/warranties?within_days=30')).json();
    expect(items).toMatchObject([
      { device: { device_id: d1() }, warranty_until: '2026-04-01', days_left: 22, station: { id: s1() } },
      { device: { device_id: spare1() }, days_left: 22, station: null },
    ]);
    expect((await engineer.get('/stock/warranties?within_days=20')).json().items).toEqual([]);
    expect((await load({ table: `serial,purchased_on\n${d1()},2026-05-01` })).json().faults).toMatchObject([
      { problem: 'order' },
    ]);
    expect(
      outcome(
        await put(`/devices/${d1()}/purchase`, { purchased_on: '2026-02-30', warranty_until: null, supplier: null }),
      )[0],
    ).toBe(400);
  });
});
