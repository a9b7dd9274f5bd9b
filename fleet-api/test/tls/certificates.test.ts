import { mkdtempSync, rmSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { ensureCertificates } from '../../src/tls/certificates.ts';

const dir = mkdtempSync(join(tmpdir(), 'uptally-tls-'));
afterAll(() => rmSync(dir, { recursive: true }));
const now = Date.now();

async function handshake(ca: string | undefined): Promise<boolean> {
  const { keyPem, certPem } = await ensureCertificates(dir, now);
  const server = createServer({ key: keyPem, cert: certPem }, (socket) => socket.end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const trusted = await new Promise<boolean>((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ...(ca === undefined ? {} : { ca }) }, () =>
      resolve(socket.authorized),
    );
    socket.on('error', () => resolve(false));
    socket.resume();
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return trusted;
}

test('a device that trusts our authority, and only it, completes the handshake', async () => {
  const { caPem } = await ensureCertificates(dir, now);
  expect(await handshake(caPem)).toBe(true);
  expect(await handshake(undefined)).toBe(false);
});

test('certificates are kept over starts, renewed before they expire, and keys stay private', async () => {
  const first = await ensureCertificates(dir, now);
  expect(await ensureCertificates(dir, now + 86_400_000)).toEqual(first);
  const later = await ensureCertificates(dir, now + 800 * 86_400_000);
  expect(later.caPem).toBe(first.caPem);
  expect(later.certPem).not.toBe(first.certPem);
  expect(statSync(join(dir, 'ca-key.pem')).mode & 0o077).toBe(0);
});
