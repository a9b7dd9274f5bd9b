import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

/** The key that evidence is signed with, made on first use. Ed25519 (RFC 8032). */
export interface EvidenceKey {
  readonly publicPem: string;
  /** SHA-256 of the public key's DER form, lower-case hex: short enough to be read out over the telephone. */
  readonly fingerprint: string;
  sign(bytes: Uint8Array): Buffer;
}

/** Reads the key from `dir`, making it if there is none. Readable by its owner only. */
export function ensureEvidenceKey(dir: string): EvidenceKey {
  const path = join(dir, 'evidence-ed25519.pem');
  if (!existsSync(path)) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const { privateKey } = generateKeyPairSync('ed25519');
    writeFileSync(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  }
  const privateKey = createPrivateKey(readFileSync(path));
  const publicKey = createPublicKey(privateKey);
  return {
    publicPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    fingerprint: fingerprintOf(publicKey),
    sign: (bytes) => sign(null, bytes, privateKey),
  };
}

export function fingerprintOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** True if `signature` is that of `bytes` by the key. */
export function isSignedBy(publicPem: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  return verify(null, bytes, createPublicKey(publicPem), signature);
}

/** Length of a signature in base64, bytes. */
export const SIGNATURE_CHARS = 88;

/**
 * A bundle ends with a signature over the SHA-256 of all bytes before it, in the place of the archive's comment: so no byte may
 * change, not even one that carries nothing.
 */
export async function digestBeforeSeal(source: string | Buffer): Promise<Buffer> {
  const hash = createHash('sha256');
  if (typeof source !== 'string') return hash.update(source.subarray(0, -SIGNATURE_CHARS)).digest();
  const { size } = await stat(source);
  const end = size - SIGNATURE_CHARS - 1;
  if (end > 0) for await (const chunk of createReadStream(source, { end })) hash.update(chunk as Buffer);
  return hash.digest();
}
