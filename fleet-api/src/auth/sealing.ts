import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from '../db/index.ts';

/** Encrypts what the platform must be able to read again, so that a copy of the database alone gives nothing away (R-QH-7). */
export interface Sealer {
  /** `about` says whose it is: put into another's place, it does not open. */
  seal(text: string, about: string): string;
  /** What was never sealed is answered as it is. @throws Error if it was sealed with another key, or for something else */
  open(sealed: string, about: string): string;
}

/** AES-256-GCM: nonce, text, tag, in base64url after the name of the form. */
const FORM = 'v1.';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param key 32 bytes */
export function createSealer(key: Buffer): Sealer {
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const bytes = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return FORM + bytes.toString('base64url');
    },
    open(sealed, about) {
      if (!sealed.startsWith(FORM)) return sealed;
      const bytes = Buffer.from(sealed.slice(FORM.length), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
        authTagLength: TAG_BYTES,
      })
        .setAAD(Buffer.from(about))
        .setAuthTag(bytes.subarray(-TAG_BYTES));
      try {
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (error) {
        throw new Error(`${about} was sealed with another key (UPTALLY_SECRET_KEY, or keys/ of the data folder)`, {
          cause: error,
        });
      }
    },
  };
}

/** The key that the setting gives, else that of the folder, which is made on first use and readable by its owner only. */
export function sealingKey(dir: string, setting: string | null): Buffer {
  if (setting !== null) return createHash('sha256').update(setting).digest();
  const path = join(dir, 'sealing.key');
  if (!existsSync(path)) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, randomBytes(32).toString('base64'), { mode: 0o600 });
    try {
      linkSync(draft, path); // whole, and never over that of another process
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    rmSync(draft);
  }
  return Buffer.from(readFileSync(path, 'utf8'), 'base64');
}

/** What the secret of a second factor is sealed about. */
export function totpOf(userId: number): string {
  return `second factor of user ${userId}`;
}

/** Seals secrets of second factors that are stored as plain text, as they were before. Returns how many. */
export async function sealSecrets(pool: Pool, sealer: Sealer): Promise<number> {
  const { rows } = await pool.query<{ id: number; totp_secret: string }>(
    `select id, totp_secret from app_user where totp_secret not like '${FORM}%'`,
  );
  for (const { id, totp_secret } of rows) {
    await pool.query('update app_user set totp_secret = $3 where id = $1 and totp_secret = $2', [
      id,
      totp_secret,
      sealer.seal(totp_secret, totpOf(id)),
    ]);
  }
  return rows.length;
}
