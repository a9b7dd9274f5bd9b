import { randomBytes } from 'node:crypto';
import { openPool } from '../../fleet-api/src/db/index.ts';

/** Creates an empty database on a TimescaleDB server for the life of a test run. */
export async function createServerDatabase(serverUrl: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `uptally_test_${randomBytes(6).toString('hex')}`;
  const admin = openPool({ url: serverUrl, max: 1 });
  await admin.query(`create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await admin.query(`drop database if exists ${name} with (force)`);
    await admin.end();
  };
  return { url: url.toString(), drop };
}
