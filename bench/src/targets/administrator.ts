import type { Pool } from '@uptally/fleet-api/db';
import { API_KEY_PREFIX, hashSecret, newSecret } from '../../../fleet-api/src/auth/credentials.ts';

/** Lets the first administrator in without the one-time password and the questions of the first run. */
async function admit(pool: Pool): Promise<void> {
  await pool.query(`update app_user set must_change_password = false where login = 'admin'`);
  await pool.query(`insert into setting (key, value) values ('setup', '{}') on conflict do nothing`);
}

/** A key of the first administrator, put where the server looks for it. */
export async function apiKey(pool: Pool): Promise<string> {
  await admit(pool);
  const key = API_KEY_PREFIX + newSecret();
  await pool.query(
    `insert into api_key (key_hash, label, user_id) select $1, 'bench', id from app_user where login = 'admin'`,
    [hashSecret(key)],
  );
  return key;
}

/** The cookie of a session of the first administrator. */
export async function sessionToken(pool: Pool): Promise<string> {
  await admit(pool);
  const token = newSecret();
  await pool.query(
    `insert into user_session (token_hash, user_id, created_at, last_seen_at, expires_at)
     select $1, id, now(), now(), now() + interval '1 hour' from app_user where login = 'admin'`,
    [hashSecret(token)],
  );
  return token;
}
