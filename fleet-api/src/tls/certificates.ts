import 'reflect-metadata'; // @peculiar/x509 resolves its parts by decorators
import { webcrypto } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

/**
 * The platform's own certificate authority and the broker's certificate, made on the first start. Devices learn the authority
 * at enrolment and trust nothing else (R-H2-4), so no public certificate is needed on a private network.
 */

export interface TlsFiles {
  readonly keyPem: string;
  readonly certPem: string;
  /** Certificate of the authority, for devices. */
  readonly caPem: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
const SERVER_DAYS = 825;
/** The server's certificate is renewed at a start when less than this is left. */
const RENEW_BEFORE_DAYS = 60;

x509.cryptoProvider.set(webcrypto as never);

/** Reads the certificates from `dir`, making what is missing or soon to expire. Private keys are readable by the owner only. */
export async function ensureCertificates(
  dir: string,
  nowMs: number,
  extraNames: readonly string[] = [],
): Promise<TlsFiles> {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(dir, name);
  if (!existsSync(file('ca.pem'))) await makeAuthority(dir, nowMs);
  const caPem = readFileSync(file('ca.pem'), 'utf8');
  if (!isUsable(file('server.pem'), nowMs)) await makeServer(dir, caPem, nowMs, extraNames);
  return {
    caPem,
    keyPem: readFileSync(file('server-key.pem'), 'utf8'),
    certPem: readFileSync(file('server.pem'), 'utf8'),
  };
}

function isUsable(path: string, nowMs: number): boolean {
  if (!existsSync(path)) return false;
  return new x509.X509Certificate(readFileSync(path, 'utf8')).notAfter.getTime() - nowMs > RENEW_BEFORE_DAYS * DAY_MS;
}

async function makeAuthority(dir: string, nowMs: number): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Uptally device authority',
    serialNumber: randomSerial(),
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + CA_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ],
  });
  write(join(dir, 'ca-key.pem'), await exportKey(keys.privateKey));
  write(join(dir, 'ca.pem'), authority.toString('pem'));
}

async function makeServer(dir: string, caPem: string, nowMs: number, extraNames: readonly string[]): Promise<void> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const authority = new x509.X509Certificate(caPem);
  const names = [...new Set(['localhost', hostname(), ...extraNames])].filter((name) => name !== '');
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=Uptally broker',
    issuer: authority.subject,
    serialNumber: randomSerial(),
    notBefore: new Date(nowMs - DAY_MS),
    notAfter: new Date(nowMs + SERVER_DAYS * DAY_MS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: await importKey(readFileSync(join(dir, 'ca-key.pem'), 'utf8')),
    extensions: [
      new x509.BasicConstraintsExtension(false),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
        ...localAddresses().map((value) => ({ type: 'ip' as const, value })),
      ]),
    ],
  });
  write(join(dir, 'server-key.pem'), await exportKey(keys.privateKey));
  write(join(dir, 'server.pem'), certificate.toString('pem'));
}

function localAddresses(): readonly string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return [...new Set(addresses.filter((a) => !a.address.startsWith('fe80')).map((a) => a.address))];
}

function randomSerial(): string {
  return Buffer.from(webcrypto.getRandomValues(new Uint8Array(15)))
    .toString('hex')
    .replace(/^[89a-f]/, '1');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

async function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const key = await webcrypto.subtle.importKey('pkcs8', x509.PemConverter.decodeFirst(pem), ALGORITHM, false, ['sign']);
  return key;
}

function write(path: string, text: string): void {
  writeFileSync(path, text, { mode: path.endsWith('-key.pem') ? 0o600 : 0o644 });
}
