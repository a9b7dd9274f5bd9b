import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { appendAudit, canonicalJson, verifyAudit } from '../../src/audit/log.ts';
import { inTransaction } from '../../src/db/index.ts';
import { signedIn, testApi } from '../support/api.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(() => db.reset());
afterAll(() => db.close());

const append = (n: number) =>
  inTransaction(db.pool, (client) =>
    appendAudit(client, new Date(Date.UTC(2026, 0, 1) + n), {
      userId: 1,
      orgId: null,
      action: 'thing.done',
      subject: `thing:${n}`,
      detail: { n, z: [1.5, null, { 名: '丽', a: true }], skipped: undefined, big: 2 ** 53 - 1, tiny: 1e-7 },
    }),
  );

const SWAP = `create temp table taken as select * from audit_log where id in (4, 5);
  delete from audit_log where id in (4, 5);
  insert into audit_log overriding system value
    select 9 - id, at, user_id, org_id, action, subject, detail, ip, prev_hash, hash from taken;
  drop table taken`;

it('chains what racing transactions append', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, n) => append(n)));
  expect(await verifyAudit(db.pool)).toMatchObject({ ok: true, rows: 20, broken_at: null });
});

it.each([
  ['a changed detail', `update audit_log set detail = '{"n": 7}' where id = 3`, 3],
  ['a changed instant', `update audit_log set at = at + interval '1 ms' where id = 2`, 2],
  ['a changed person', `update audit_log set user_id = 2 where id = 5`, 5],
  ['a row taken out', `delete from audit_log where id = 3`, 4],
  ['two rows that changed places', SWAP, 4],
  ['a row with a hash of its own', `update audit_log set hash = sha256('x') where id = 4`, 4],
])('shows %s', async (_what, tampering, brokenAt) => {
  for (let n = 1; n <= 6; n++) await append(n);
  await db.pool.query(tampering);
  expect(await verifyAudit(db.pool)).toMatchObject({ ok: false, broken_at: brokenAt });
});

it('leaves no trace of an act that was rolled back', async () => {
  await append(1);
  const failed = inTransaction(db.pool, async (client) => {
    await appendAudit(client, new Date(), { userId: null, orgId: null, action: 'x', subject: 'y' });
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  await append(2);
  expect(await verifyAudit(db.pool)).toMatchObject({ ok: true, rows: 2 });
});

it('is read by administrators whole, by auditors as far as it concerns their organisation', async () => {
  const api = await testApi(db.pool);
  const admin = await signedIn(api);
  const auditor = await signedIn(api, { role: 'auditor', orgId: 1 });
  const get = (url: string, cookie: string) => api.app.inject({ url: `/api/v1${url}`, headers: { cookie } });
  for (let n = 1; n <= 5; n++) await append(n);
  const first = (await get('/audit?limit=2&action=thing.', admin.cookie)).json();
  expect(first.items.map((entry: { subject: string }) => entry.subject)).toEqual(['thing:5', 'thing:4']);
  const second = (await get(`/audit?limit=2&cursor=${first.next_cursor}`, admin.cookie)).json();
  expect(second.items[0].subject).toBe('thing:3');
  expect((await get('/audit?subject=thing:2', auditor.cookie)).json().items).toHaveLength(1);
  expect((await get('/audit/verify', auditor.cookie)).json()).toMatchObject({ ok: true, rows: 5 });
  await api.close();
});

it('orders names canonically at every depth', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 'x' }], a: null })).toBe('{"a":null,"b":[{"c":"x","d":1}]}');
});
