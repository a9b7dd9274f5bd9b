import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts';
import { writeOutbox } from '../../src/db/index.ts';
import { type Realtime, startRealtime } from '../../src/realtime/index.ts';
import { testContract } from '../exclusions/support.ts';
import { type PersonOptions, signedIn, type TestApi, testApi, testOrg, testRegion } from '../support/api.ts';

let db: TestDatabase;
let api: TestApi;
let realtime: Realtime;
let url: string;
const sockets: Socket[] = [];
const regions = { province: 0, east: 0, west: 0 };

beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  await db.reset();
  api = await testApi(db.pool);
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  const address = api.app.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
  realtime = await startRealtime(api.app, api.ctx);
  regions.province = await testRegion(db.pool, '46', 'province');
  regions.east = await testRegion(db.pool, '4601', 'county', regions.province);
  regions.west = await testRegion(db.pool, '4602', 'county', regions.province);
  return async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await realtime.stop();
    await api.close();
  };
});
afterAll(() => db.close());

async function connect(options: PersonOptions | null, headers: Record<string, string> = {}) {
  const person = options === null ? null : await signedIn(api, options);
  const socket = io(url, {
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
    extraHeaders: { ...headers, ...(person && { cookie: person.cookie }) },
  });
  sockets.push(socket);
  const outcome = await new Promise<string>((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('connect_error', (error) => resolve(error.message));
  });
  return { socket, outcome, person, heard: record(socket) };
}

/** Everything a socket hears, as `message key`. */
function record(socket: Socket): string[] {
  const heard: string[] = [];
  socket.onAny((message: string, body: Record<string, unknown>) => {
    heard.push(`${message} ${body.id ?? body.device_id ?? JSON.stringify(body.total)}`);
  });
  return heard;
}

const watch = (socket: Socket, ...rooms: string[]) => socket.timeout(5000).emitWithAck('watch', { rooms });

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('nothing came');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function device(deviceId: string, regionId: number): Promise<void> {
  await db.pool.query(
    `with d as (insert into device (device_id, serial, region_id) values ($1, $1, $2) returning device_key)
     insert into device_live (device_key) select device_key from d`,
    [deviceId, regionId],
  );
}

const tellOf = (deviceId: string, kind: string, path: number[], payload: object = {}) =>
  writeOutbox(db.pool, [{ kind, regionPath: path, payload: { deviceId, ...payload } }]);

describe('connections', () => {
  it('need a session of a person who has a password of the own, and our own page', async () => {
    expect((await connect({ role: 'auditor' })).outcome).toBe('connected');
    expect((await connect(null)).outcome).toBe('unauthenticated');
    expect((await connect({ mustChangePassword: true })).outcome).toBe('unauthenticated');
    expect((await connect({}, { origin: 'https://evil.example' })).outcome).not.toBe('connected');
    expect((await connect({}, { origin: url })).outcome).toBe('connected');
    expect(realtime.consoles()).toBe(2);
  });

  it('end when the rights of the person change', async () => {
    const { socket, person } = await connect({ role: 'engineer' });
    const gone = new Promise((resolve) => socket.on('disconnect', resolve));
    await writeOutbox(db.pool, [{ kind: 'user.changed', payload: { userId: person?.userId } }]);
    await gone;
  });
});

describe('rooms', () => {
  it('open only within role and region', async () => {
    await device('dev-east', regions.east);
    await device('dev-west', regions.west);
    const { socket } = await connect({ role: 'engineer', regionIds: [regions.east] });
    const names = ['overview', 'incidents', 'device:dev-east', 'device:dev-west', `region:${regions.east}`];
    const foreign = [
      `region:${regions.west}`,
      `region:${regions.province}`,
      'fleet',
      'device:',
      'commands:x',
      'region:1;',
    ];
    const answer = await watch(socket, ...names, ...foreign);
    expect([...answer.rooms].sort()).toEqual(
      ['device:dev-east', 'incidents', 'overview', `region:${regions.east}`].sort(),
    );
    expect([...answer.refused].sort()).toEqual(['device:dev-west', ...foreign].sort());
    const left = await socket.timeout(5000).emitWithAck('unwatch', { rooms: ['overview', 'incidents'] });
    expect([...left.rooms].sort()).toEqual(['device:dev-east', `region:${regions.east}`].sort());
  });

  it('survive input of any form', async () => {
    const { socket } = await connect({});
    for (const request of [null, 7, 'x', { rooms: 'overview' }, { rooms: [1, null, {}] }, []])
      socket.emit('watch', request);
    socket.emit('watch', { rooms: ['overview'] }, 'no function');
    expect((await watch(socket, 'incidents')).rooms).toEqual(['overview', 'incidents']);
  });

  it('tell of devices, counts, events, commands, incidents and exclusions', async () => {
    await device('dev-east', regions.east);
    const path = [regions.province, regions.east];
    const { socket, heard } = await connect({ role: 'oncall' });
    await watch(socket, 'overview', 'incidents', 'exclusions', 'device:dev-east');
    const message = new Promise<Record<string, unknown>>((resolve) => socket.once('device', resolve));
    await db.pool.query(`update device_live set last_rcv_at = now(), online = true, changed_at = now()`);
    await tellOf('dev-east', 'device.online', path, { at: '2026-01-01T00:00:00Z' });
    await tellOf('dev-east', 'device.event', path, { code: 'boot', sev: 'info', at: '2026-01-01T00:00:00Z' });
    await tellOf('dev-east', 'command.changed', path, { id: 'c1', batchId: 'b1', state: 'running', at: 'x' });
    await writeOutbox(db.pool, [{ kind: 'incident.changed', regionPath: path, payload: { id: 5 } }]);
    await writeOutbox(db.pool, [
      { kind: 'exclusion.changed', regionPath: path, payload: { id: 7, state: 'approved' } },
    ]);
    expect(await message).toMatchObject({
      device_id: 'dev-east',
      state: 'online',
      online: true,
      faulty: false,
      components: [],
    });
    await until(() => new Set(heard).size >= 6);
    // The state of a device and the counts are told anew as often as they are looked at; what happened is told once.
    expect(heard.filter((each) => !/^(device|overview) /.test(each))).toHaveLength(4);
    expect([...new Set(heard)].sort()).toEqual(
      ['command c1', 'device dev-east', 'event dev-east', 'exclusion 7', 'incident 5', 'overview 1'].sort(),
    );
  });

  it('tell nobody of what lies outside of the person’s regions, even in a room that was open before', async () => {
    await device('dev-east', regions.east);
    await device('dev-west', regions.west);
    const east = await connect({ role: 'engineer', regionIds: [regions.east] });
    const all = await connect({ role: 'engineer' });
    const rooms = ['device:dev-east', 'device:dev-west', 'incidents', `region:${regions.province}`];
    await watch(east.socket, ...rooms);
    await watch(all.socket, ...rooms);
    await db.pool.query(`update device set region_id = $1 where device_id = 'dev-east'`, [regions.west]);
    const west = [regions.province, regions.west];
    await tellOf('dev-east', 'device.changed', west);
    await tellOf('dev-west', 'device.offline', west);
    await writeOutbox(db.pool, [{ kind: 'incident.changed', regionPath: west, payload: { id: 6 } }]);
    await until(() => all.heard.length >= 3);
    expect([...all.heard].sort()).toEqual(['device dev-east', 'device dev-west', 'incident 6']);
    await device('dev-more', regions.east);
    await watch(east.socket, 'device:dev-more');
    await tellOf('dev-more', 'device.online', [regions.province, regions.east]);
    await until(() => east.heard.length >= 1);
    expect(east.heard).toEqual(['device dev-more']);
  });

  it('tell of settlement those who see the contract, wherever their regions end', async () => {
    const [agency, contractor] = [
      await testOrg(db.pool, 'agency', 'agency'),
      await testOrg(db.pool, 'con', 'contractor'),
    ];
    const province = await testContract(db.pool, 'P', { agency, contractor, regionId: regions.province });
    const west = await testContract(db.pool, 'W', { agency, contractor, regionId: regions.west });
    const baseline = await db.pool.query<{ id: number }>(
      `insert into contract (code, name, is_baseline, term_from) values ('baseline', 'baseline', true, '2026-01-01') returning id`,
    );
    const admin = await connect({});
    const east = await connect({ role: 'manager', orgId: contractor, regionIds: [regions.east] });
    const stranger = await connect({ role: 'manager', orgId: await testOrg(db.pool, 'other', 'contractor') });
    for (const { socket } of [admin, east, stranger]) await watch(socket, 'settlement');
    await writeOutbox(db.pool, [
      { kind: 'statement.changed', payload: { id: 1, contract_id: west } },
      { kind: 'statement.changed', payload: { id: 2, contract_id: province } },
      { kind: 'statement.changed', payload: { id: 3, contract_id: baseline.rows[0]?.id } },
    ]);
    await until(() => [admin, east, stranger].every(({ heard }) => heard.includes('settlement 3')));
    expect(admin.heard).toEqual(['settlement 1', 'settlement 2', 'settlement 3']);
    expect(east.heard).toEqual(['settlement 2', 'settlement 3']);
    expect(stranger.heard).toEqual(['settlement 3']);
  });

  it('make one message of a storm about one device', async () => {
    await device('dev-east', regions.east);
    const { socket, heard } = await connect({});
    await watch(socket, 'device:dev-east');
    const storm = {
      kind: 'component.fault',
      regionPath: [regions.province, regions.east],
      payload: { deviceId: 'dev-east' },
    };
    await writeOutbox(
      db.pool,
      Array.from({ length: 300 }, () => storm),
    );
    await until(() => heard.length >= 1);
    await writeOutbox(db.pool, [{ kind: 'device.event', payload: { deviceId: 'dev-east', code: 'last', at: 'x' } }]);
    await until(() => heard.some((line) => line.startsWith('event')));
    expect(heard.filter((line) => line.startsWith('device')).length).toBeLessThanOrEqual(2);
  });
});
