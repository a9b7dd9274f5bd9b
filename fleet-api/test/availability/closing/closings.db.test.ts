import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../../test/support/database.ts';
import { type TestApi, testApi } from '../../support/api.ts';
import { ALL_UP, type Fleet, type Hand, handOf, NOW_MS, putAccrual, putTwoDays, testFleet } from '../support.ts';

let database: TestDatabase;
let api: TestApi;
let fleet: Fleet;
let agency: Hand;

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
  fleet = await testFleet(database.pool);
  await putTwoDays(database.pool, fleet);
  await putAccrual(database.pool, fleet.contractId, fleet.stations.a3, '2026-10-02', ALL_UP);
  await database.pool.query('truncate evidence_mark, accrual_due');
  agency = await handOf(api, { role: 'auditor', orgId: fleet.agency });
});

const PERIOD = '2026-10-01/2026-10-03';
const close = (hand: Hand, period = PERIOD) => hand.send('POST', `/contracts/${fleet.contractId}/closings`, { period });

describe('a closed period', () => {
  it('keeps its figures whatever evidence says later, which shows as a difference', async () => {
    const before = await agency.get('/availability?from=2026-10-01&to=2026-10-03');
    const response = await close(agency);
    expect(response.statusCode, response.body).toBe(201);
    const closing = response.json();
    expect(closing).toMatchObject({
      name: PERIOD,
      from_day: '2026-10-01',
      to_day: '2026-10-03',
      closed_by: { id: agency.userId },
    });

    await putAccrual(
      database.pool,
      fleet.contractId,
      fleet.stations.a1,
      '2026-10-02',
      [53_200_000, 33_200_000, 0, 0, 0],
    );
    await database.pool.query(`delete from accrual where station_id = $1 and day = '2026-10-02'`, [fleet.stations.b1]);
    const after = await agency.get('/availability?from=2026-10-01&to=2026-10-03');
    expect(after.total).toEqual(before.total);
    expect(after.items).toEqual(before.items);
    expect(after.period).toMatchObject({ closed: true, days_missing: 0, as_of: '2026-10-02T16:00:00.000Z' });
    const { days } = await agency.get('/availability/trend?from=2026-10-02&to=2026-10-04');
    expect(days).toMatchObject([{ day: '2026-10-02', closed: true, final: true, stations: 4 }]);

    const detail = await agency.get(`/contracts/${fleet.contractId}/closings/${closing.id}`);
    expect(detail).toMatchObject({ intact: true, stations_changed: 2, next_cursor: null });
    expect(detail.frozen.network).toEqual(before.total.network);
    expect(detail.now.network.up_ms).toBe(before.total.network.up_ms + 10_000_000 - 86_400_000);
    expect(detail.items).toMatchObject([
      {
        station: { id: fleet.stations.a1, code: 'a1', site: { name: 'SA1' } },
        days: ['2026-10-02'],
        network: { required_ms: 0, up_ms: 10_000_000, down_ms: -10_000_000 },
        equipment: { required_ms: 0, up_ms: 0 },
      },
      { station: { id: fleet.stations.b1 }, network: { required_ms: -86_400_000, up_ms: -86_400_000 } },
    ]);
    const page = await agency.get(`/contracts/${fleet.contractId}/closings/${closing.id}?limit=1`);
    const rest = await agency.get(
      `/contracts/${fleet.contractId}/closings/${closing.id}?limit=1&cursor=${page.next_cursor}`,
    );
    expect([page.items.length, rest.items.length, rest.next_cursor]).toEqual([1, 1, null]);
  });

  it('carries a checksum that anybody can compute, and that tells of a changed row', async () => {
    const closing = (await close(agency)).json();
    const { rows } = await database.pool.query<Record<string, number | string>>(
      `select station_id, day::text, required_ms, net_up_ms, net_down_ms, net_unknown_ms, net_platform_ms, net_excluded_ms,
         eq_up_ms, eq_down_ms, eq_unknown_ms, eq_platform_ms, eq_excluded_ms
       from accrual where contract_id = $1 order by station_id, accrual.day`,
      [fleet.contractId],
    );
    const lines = rows.map((row) => `${Object.values(row).join(',')}\n`).join('');
    expect(closing.figures_sha256).toBe(createHash('sha256').update(lines).digest('hex'));
    await database.pool.query(
      'update closed_accrual set net_up_ms = net_up_ms + 1, net_down_ms = net_down_ms - 1 where station_id = $1',
      [fleet.stations.a1],
    );
    expect((await agency.get(`/contracts/${fleet.contractId}/closings/${closing.id}`)).intact).toBe(false);
  });

  it('shows a person what lies in his regions', async () => {
    const closing = (await close(agency)).json();
    await putAccrual(database.pool, fleet.contractId, fleet.stations.b1, '2026-10-02', [0, 86_400_000, 0, 0, 0]);
    const person = await handOf(api, { role: 'auditor', orgId: fleet.agency, regionIds: [fleet.countyA] });
    const detail = await person.get(`/contracts/${fleet.contractId}/closings/${closing.id}`);
    expect(detail).toMatchObject({
      stations_changed: 0,
      items: [],
      frozen: { network: { required_ms: 6 * 86_400_000 } },
    });
  });

  it('holds the contract to the rules that it was closed under', async () => {
    await close(agency);
    const admin = await handOf(api);
    const change = (patch: object) => admin.problem('PATCH', `/contracts/${fleet.contractId}`, patch);
    expect(await change({ rules: { network: { unknown: 'excluded' } } })).toBe('409 period_closed');
    expect(await change({ rules: { network: { target_percent: '90' } } })).toBe('409 period_closed');
    expect(await change({ time_zone: 'UTC' })).toBe('409 period_closed');
    expect(await change({ term_to: '2026-10-02' })).toBe('409 period_closed');
    const grace = { rules: { evidence_grace_days: 9 }, term_to: '2027-10-01' };
    expect((await admin.send('PATCH', `/contracts/${fleet.contractId}`, grace)).statusCode).toBe(200);
  });
});

describe('closing', () => {
  it('waits until the period and the time for late evidence are over', async () => {
    api.clock.now = Date.parse('2026-10-05T23:59:59.999+08:00');
    expect((await close(agency)).json()).toMatchObject({
      code: 'period_not_over',
      detail: 'It can be closed from 2026-10-05T16:00:00.000Z on',
    });
    api.clock.now += 1;
    expect((await close(agency)).statusCode).toBe(201);
  });

  it('is refused while figures are missing, not final or about to change', async () => {
    expect((await close(agency, '2026-10')).json().code).toBe('period_incomplete');
    const refused = async (sql: string) => {
      await database.pool.query(sql);
      const { code } = (await close(agency)).json();
      await database.pool.query('truncate evidence_mark, accrual_due');
      return code;
    };
    expect(
      await refused(`insert into evidence_mark (station_id, from_at, to_at) values (1, '2026-10-02', '2026-10-02')`),
    ).toBe('period_incomplete');
    expect(await refused(`insert into accrual_due values (1, '{[2026-10-02,2026-10-02]}', now())`)).toBe(
      'period_incomplete',
    );
    expect(
      await refused(
        `update accrual set computed_to = computed_to - interval '1 ms' where station_id = 1 and day = '2026-10-02'`,
      ),
    ).toBe('period_incomplete');
  });

  it('is refused for days that are closed already, outside of the term, or no period', async () => {
    expect((await close(agency)).statusCode).toBe(201);
    expect((await close(agency)).json().code).toBe('period_closed');
    expect((await close(agency, '2026-10-02')).json().code).toBe('period_closed');
    expect((await close(agency, '2026-09')).json().code).toBe('invalid_period');
    expect((await close(agency, 'x')).json().code).toBe('invalid_period');
    const { items } = await agency.get(`/contracts/${fleet.contractId}/closings`);
    expect(items).toHaveLength(1);
  });

  it('is for parties and administrators who see all of the contract', async () => {
    const platform = await handOf(api, { role: 'manager' });
    expect((await close(platform)).json().code).toBe('forbidden');
    const part = await handOf(api, { role: 'manager', orgId: fleet.contractor, regionIds: [fleet.countyA] });
    expect((await close(part)).json().code).toBe('out_of_scope');
    const engineer = await handOf(api, { role: 'engineer', orgId: fleet.contractor });
    expect((await close(engineer)).json().code).toBe('forbidden');
    const stranger = await handOf(api, {
      role: 'manager',
      orgId: (
        await database.pool.query(`insert into org (code, name, kind) values ('o', 'o', 'contractor') returning id`)
      ).rows[0].id,
    });
    expect((await close(stranger)).json().code).toBe('not_found');
    expect((await close(await handOf(api))).statusCode).toBe(201);
    const { rows } = await database.pool.query(`select subject from audit_log where action = 'period.closed'`);
    expect(rows).toEqual([{ subject: 'contract:C-1' }]);
  });
});
