import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBroker } from '@uptally/broker';
import pino from 'pino';
import { ensureCertificates } from '../../../fleet-api/src/tls/certificates.ts';
import type { Benchmark } from '../benchmark.ts';
import { count, table } from '../report/table.ts';
import { CountingProxy, type Passed } from '../targets/counting-proxy.ts';
import { VirtualTerminal } from '../targets/virtual-terminal.ts';

const DAYS = 7;
const MONTH_DAYS = 30;
const DAY_MS = 86_400_000;
/** IPv4 without options, TCP with time stamps. */
const HEADER_BYTES = 20 + 32;
/** SYN, SYN-ACK, ACK, and FIN both ways with their ACKs: headers only. */
const OPEN_CLOSE_BYTES = 2 * 60 + 5 * HEADER_BYTES;

/** What a terminal costs of its SIM's 500 MB a month (R-HN-6): the agent's core over real TLS, a virtual week. */
export const wire: Benchmark = {
  name: 'wire',
  about: `bytes on the wire of one device over TLS: ${DAYS} virtual days of a demo terminal, one reconnect a day, counted by a proxy`,
  async run() {
    const dir = mkdtempSync(join(tmpdir(), 'uptally-bench-wire-'));
    const certificates = await ensureCertificates(dir, Date.now());
    const broker = createBroker({
      listeners: { tls: { port: 0, host: '127.0.0.1', key: certificates.keyPem, cert: certificates.certPem } },
      authenticator: { authenticate: async (deviceId) => ({ deviceKey: 1, deviceId }) },
      sink: { accept: async () => undefined, connected() {}, disconnected() {}, refused() {} },
      logger: pino({ level: 'warn' }),
    });
    await broker.start();
    const proxy = new CountingProxy(broker.addresses.tls?.port ?? 0);
    const terminal = new VirtualTerminal(await proxy.listen(), certificates.caPem);
    try {
      await terminal.start();
      for (let day = 0; day < DAYS; day += 1) {
        await terminal.clock.advance(DAY_MS);
        terminal.cut();
      }
      return report(proxy.passed, terminal);
    } finally {
      await terminal.stop();
      await proxy.close();
      await broker.stop();
      rmSync(dir, { recursive: true, force: true });
    }
  },
};

function report(passed: Passed, terminal: VirtualTerminal): string {
  const month = MONTH_DAYS / DAYS;
  const tcpBytes = passed.upBytes + passed.downBytes;
  const segments = passed.upChunks + passed.downChunks;
  const base = tcpBytes + passed.connections * OPEN_CLOSE_BYTES;
  // The device acknowledges each answer by a segment of its own; ours rides on the answer if that leaves within 40 ms.
  const prompt = base + HEADER_BYTES * (segments + passed.downChunks);
  const late = prompt + HEADER_BYTES * passed.upChunks;
  const megabytes = (bytes: number) => `${((bytes * month) / 1e6).toFixed(2)} MB`;
  const kinds = [...terminal.kinds].map(([kind, n]) => `${count(n / DAYS)} ${kind}`).join(', ');
  return `${table(
    ['a month of 30 days', 'value'],
    [
      ['payload of record batches', megabytes(terminal.payloadBytes)],
      ['TCP payload, TLS included, both ways', megabytes(tcpBytes)],
      ['with IP and TCP headers, PUBACK within 40 ms', megabytes(prompt)],
      ['with IP and TCP headers, PUBACK later than 40 ms', megabytes(late)],
      ['batches a day', count(terminal.batches / DAYS)],
      ['TLS connections a day', (passed.connections / DAYS).toFixed(1)],
    ],
  )}

Records a day: ${kinds}. Headers: ${HEADER_BYTES} bytes a segment (IPv4 20, TCP with time stamps 32); segments up ${count(passed.upChunks / DAYS)}, down
${count(passed.downChunks / DAYS)} a day, each answer acknowledged by a segment of its own, each publish by its PUBACK or, later than the delayed ACK of 40 ms, by a segment of its own.`;
}
