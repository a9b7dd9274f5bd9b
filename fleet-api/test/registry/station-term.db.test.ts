import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import {
  at,
  closePeriod,
  type Hand,
  handOf,
  NOW_MS,
  outcome,
  type Parties,
  testParties,
} from '../exclusions/support.ts';
import { type TestApi, testApi } from '../support/api.ts';

let database: TestDatabase;
let api: TestApi;
let parties: Parties;
let contractor: Hand;
let id: number;

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
  contractor = await handOf(api, parties.contractor, 'manager');
  id = parties.ours.stations[0] ?? 0;
  await database.pool.query('update station set commissioned_at = null where id = $1', [id]);
});

const patch = (hand: Hand, body: object) => hand.patch(`/stations/${id}`, body);

it('is put into service by its contractor, once', async () => {
  expect((await patch(contractor, { commissioned_at: at(1) })).statusCode).toBe(200);
  expect((await patch(contractor, { name: 'Counter 2', commissioned_at: at(1) })).statusCode).toBe(200);
  expect(outcome(await patch(contractor, { commissioned_at: at(500) }))).toEqual([403, 'commissioning_by_agency']);
  expect(outcome(await patch(contractor, { decommissioned_at: at(500) }))).toEqual([403, 'commissioning_by_agency']);
});

it('does not change sides in a closed period', async () => {
  await closePeriod(database.pool, parties.contractId, '2026-01-01', '2026-02-01');
  expect(outcome(await patch(contractor, { commissioned_at: at(1) }))).toEqual([409, 'period_closed']);
});

it('gets no other device in a closed period', async () => {
  await database.pool.query(
    `with old as (update installation set from_at = '2025-12-01' where station_id = $1 returning 1)
     insert into device (device_id, serial, region_id)
     select 'spare', 'SPARE', region_id from site s join station t on t.site_id = s.id where t.id = $1`,
    [id],
  );
  await closePeriod(database.pool, parties.contractId, '2026-01-01', '2026-02-01');
  const swap = (moment: string) =>
    contractor.post(`/stations/${id}/swap`, { device_id: 'spare', at: moment, reason: 'broken' });
  expect(outcome(await swap(at(1)))).toEqual([409, 'period_closed']);
  expect((await swap('2026-02-01T00:00:00+08:00')).statusCode).toBe(200);
});
