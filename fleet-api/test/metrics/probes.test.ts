import { Counter, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { exposition } from '../../src/metrics/exposition.ts';
import { serveProbes } from '../../src/metrics/index.ts';

const quiet = { host: '127.0.0.1', port: 0, version: '1.2.3', checks: [], metricsToken: null };

async function read(port: number, path: string, headers: Record<string, string> = {}) {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: response.status, body: await response.text() };
}

test('a program without an API tells that it lives, whether it is ready, and its figures', async () => {
  let ok = false;
  const probes = await serveProbes({
    ...quiet,
    checks: [
      { name: 'ingest', check: async () => ({ ok }) },
      {
        name: 'schema',
        check: async () => {
          if (!ok) throw new Error('no connection');
          return { ok: true };
        },
      },
    ],
    metrics: async () => 'figures',
    metricsToken: 'secret',
  });
  try {
    expect(await read(probes.port, '/healthz')).toEqual({ status: 200, body: '{"status":"ok","version":"1.2.3"}' });
    const waiting = await read(probes.port, '/readyz');
    expect([waiting.status, JSON.parse(waiting.body)]).toEqual([
      503,
      {
        status: 'not_ready',
        checks: [
          { name: 'ingest', ok: false },
          { name: 'schema', ok: false, detail: 'no connection' },
        ],
      },
    ]);
    ok = true;
    expect((await read(probes.port, '/readyz')).status).toBe(200);
    expect((await read(probes.port, '/metrics')).status).toBe(404);
    expect(await read(probes.port, '/metrics', { authorization: 'Bearer secret' })).toEqual({
      status: 200,
      body: 'figures',
    });
    expect((await read(probes.port, '/anything')).status).toBe(404);
  } finally {
    await probes.stop();
  }
});

test('a server tells the figures of the program that it keeps, and when that is down', async () => {
  const own = new Registry();
  new Counter({ name: 'own_total', help: 'ours', registers: [own] }).inc();
  const beside = await serveProbes({ ...quiet, metrics: async () => 'beside_total 7\n' });
  const url = `http://127.0.0.1:${beside.port}/metrics`;
  const lines = async (at: string | null) => (await exposition(own, () => at)).split('\n').filter((l) => /^\w/.test(l));
  expect(await lines(url)).toEqual(['own_total 1', 'uptally_alerts_up 1', 'beside_total 7']);
  await beside.stop();
  expect(await lines(url)).toEqual(['own_total 1', 'uptally_alerts_up 0']);
  expect(await lines(null)).toEqual(['own_total 1', 'uptally_alerts_up 0']);
  expect(await exposition(own, undefined)).not.toContain('uptally_alerts_up');
});
