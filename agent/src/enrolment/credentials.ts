import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, replaceFile } from '../storage/durable.ts';

/** What the platform gave this device at enrolment; kept readable for its owner only. */
export interface Credentials {
  readonly device_id: string;
  readonly secret: string;
  readonly serial: string;
  readonly server: string;
  readonly host: string;
  /** Port to connect to. */
  readonly port: number;
  /** Authority of the broker's certificate (PEM); `null` for a plain connection. */
  readonly ca_pem: string | null;
  /** The platform's clock at enrolment, Unix ms. */
  readonly enrolled_ms: number;
}

const FILE = 'credentials.json';

export async function saveCredentials(directory: string, credentials: Credentials): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await replaceFile(join(directory, FILE), `${JSON.stringify(credentials, null, 2)}\n`, 0o600);
}

/** `null` if this device was never enrolled. */
export async function loadCredentials(directory: string): Promise<Credentials | null> {
  return (await readJson(join(directory, FILE))) as Credentials | null;
}
