import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ControlServer } from '../../src/control/server.ts';
import { hainanFleet } from '../../src/fleet/hainan.ts';
import { Director, readScenarios } from '../../src/run/director.ts';
import { SimFleet } from '../../src/run/sim-fleet.ts';
import { credentialsFor, QUICK, RecordingPlatform, until } from '../support/platform.ts';

const fleet = hainanFleet(1);
const county = '澄迈县';
const some = fleet.devices.filter((device) => device.countyName === county).slice(0, 6);
const [one] = some;
const platform = new RecordingPlatform();
let sim: SimFleet;
let control: ControlServer;
let url = '';

beforeAll(async () => {
  await platform.start();
  const credentials = credentialsFor(some, Date.UTC(2026, 10, 1));
  sim = new SimFleet({ fleet, seed: 1, address: platform.address, credentials, ...QUICK });
  sim.start();
  control = new ControlServer(new Director(sim, readScenarios(join(import.meta.dirname, '../../scenarios'))));
  url = `http://127.0.0.1:${await control.start(0)}`;
  await until(() => sim.counts().up === some.length);
});
afterAll(async () => {
  await control.stop();
  await sim.stop({ goodbye: false });
  await platform.stop();
});

async function ask(method: string, path: string, init: { body?: string; headers?: Record<string, string> } = {}) {
  const response = await fetch(url + path, { method, ...init });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test('a printer fault for one device, and its end', async () => {
  const started = await ask('POST', `/scenario/printer-out-of-paper?device=${one?.serial}`);
  expect(started).toMatchObject({ status: 202, body: { devices: 1, device_ids: [one?.serial.toLowerCase()] } });
  const truth = await ask('GET', `/device/${one?.serial}`);
  expect(truth.body.defects).toEqual({ printer: { state: 'fault', reason: 'paper_out' } });
  await ask('DELETE', `/scenario/${started.body.run}`);
  expect((await ask('GET', `/device/${one?.serial}`)).body.defects).toEqual({});
});

test('a county outage cuts off the devices of that county that run here, and nobody else', async () => {
  const started = await ask('POST', `/scenario/county-outage?county=${county}`);
  expect(started.body.devices).toBe(some.length);
  const links = async () =>
    Promise.all(some.map(async ({ serial }) => (await ask('GET', `/device/${serial}`)).body.link_up));
  await expect.poll(links, { timeout: 20_000 }).toEqual(some.map(() => false));
  await ask('DELETE', '/scenario/county-outage');
  expect(await links()).toEqual(some.map(() => true));
});

test('any effect, in the words of scenario files, cleared by selection', async () => {
  const query = `/effect?device=${one?.serial}`;
  expect((await ask('POST', query, { body: '{"heat": {"to_c": 95}}' })).status).toBe(202);
  const temperature = () => platform.recordsOf(one?.serial.toLowerCase() ?? '', 'health').at(-1)?.rec;
  await until(() => JSON.stringify(temperature() ?? '').includes('too_hot'));
  await ask('POST', `/clear?county=${county}`);
  expect((await ask('GET', '/status')).body.runs).toEqual([]);
});

test('what makes no sense is refused with a reason, and web pages are', async () => {
  expect((await ask('POST', '/scenario/nothing')).status).toBe(404);
  expect((await ask('POST', '/scenario/county-outage?planet=mars')).body.error).toContain('unknown parameter planet');
  expect((await ask('POST', '/scenario/county-outage?share=2')).body.error).toContain('must be a number from 0 to 1');
  expect((await ask('POST', '/effect', { body: 'link: sideways' })).status).toBe(400);
  expect((await ask('GET', '/device/none')).status).toBe(404);
  expect((await ask('GET', '/status', { headers: { origin: 'http://example.org' } })).status).toBe(403);
});
