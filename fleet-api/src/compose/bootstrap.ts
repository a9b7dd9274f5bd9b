import { API_KEY_PREFIX, hashSecret, newSecret } from '../auth/credentials.ts';
import type { PasswordHasher } from '../auth/passwords.ts';
import { inTransaction, type Pool, type Queryable } from '../db/index.ts';
import { TOKEN_PREFIX } from '../enrolment/tokens.ts';

/** Credentials that the all-in-one server gives to programs it starts itself. They expire; nothing about them is built in. */

const HOUR_MS = 3_600_000;

/** An enrolment token for `uses` devices, good for a day. */
export async function issueEnrolmentToken(db: Queryable, label: string, uses: number, nowMs: number): Promise<string> {
  const token = TOKEN_PREFIX + newSecret();
  await db.query(
    `insert into enrolment_token (token_hash, label, uses_max, expires_at, created_at) values ($1, $2, $3, $4, $5)`,
    [hashSecret(token), label, uses, new Date(nowMs + 24 * HOUR_MS), new Date(nowMs)],
  );
  return token;
}

/** An API key, good for a day, of a user that exists for the demo fleet's loader alone and can't sign in. */
export async function issueLoaderKey(pool: Pool, passwords: PasswordHasher, nowMs: number): Promise<string> {
  const key = API_KEY_PREFIX + newSecret();
  const unusable = await passwords.hash(newSecret());
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: number }>(
      `insert into app_user (login, name, org_id, role, password_hash, must_change_password)
       select 'demo-loader', 'Demo fleet', id, 'admin', $1, false from org where code = 'platform'
       on conflict (login) do update set password_hash = excluded.password_hash returning id`,
      [unusable],
    );
    await client.query(
      'insert into api_key (key_hash, label, user_id, created_at, expires_at) values ($1, $2, $3, $4, $5)',
      [hashSecret(key), 'demo fleet', rows[0]?.id, new Date(nowMs), new Date(nowMs + 24 * HOUR_MS)],
    );
  });
  return key;
}

/** An API key, good for a day, of somebody who exists: what the demo does in their name. */
export async function issueKey(db: Queryable, login: string, nowMs: number): Promise<string> {
  const key = API_KEY_PREFIX + newSecret();
  await db.query(
    `insert into api_key (key_hash, label, user_id, created_at, expires_at)
     select $1, 'demo fleet', id, $3, $4 from app_user where login = $2`,
    [hashSecret(key), login, new Date(nowMs), new Date(nowMs + 24 * HOUR_MS)],
  );
  return key;
}

/** An invented number for the demo, so that its incidents show as messages in the sandbox. Nothing if somebody is on call already. */
export async function putSomebodyOnCall(db: Queryable): Promise<void> {
  await db.query(
    `insert into oncall (name, phone) select '值班员（演示）', '+8613000000000' where not exists (select from oncall)`,
  );
}
