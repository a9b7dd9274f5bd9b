import { createBroker } from '@uptally/broker';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { ingestCheck } from '../../src/compose/readiness.ts';
import { createDeviceAuthenticator } from '../../src/enrolment/authenticator.ts';
import { createIngest } from '../../src/ingest/index.ts';
import { silent } from '../ingest/support.ts';
import { testApi } from '../support/api.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

test('a process is ready while devices reach it and ingest takes what they send', async () => {
  const ingest = createIngest({ pool: db.pool, clock: Date.now, log: silent });
  const broker = createBroker({
    listeners: { tcp: { host: '127.0.0.1', port: 0 } },
    authenticator: createDeviceAuthenticator(db.pool),
    sink: ingest.sink,
    logger: silent,
  });
  const api = await testApi(db.pool, {}, [ingestCheck(ingest, { isOpen: () => broker.listening })]);
  const ready = async () => {
    const response = await api.app.inject({ url: '/readyz' });
    const { checks } = response.json<{ checks: { name: string }[] }>();
    return [response.statusCode, checks.find(({ name }) => name === 'ingest')];
  };
  try {
    expect(await ready()).toEqual([503, { name: 'ingest', ok: false, detail: 'ingest is stopped' }]);
    await ingest.start();
    const closed = { name: 'ingest', ok: false, detail: 'devices can not reach this process by MQTT' };
    expect(await ready()).toEqual([503, closed]);
    await broker.start();
    expect(await ready()).toEqual([200, { name: 'ingest', ok: true }]);
    await broker.stop();
    expect(await ready()).toEqual([503, closed]);
  } finally {
    await api.close();
    await broker.stop();
    await ingest.stop();
  }
});
