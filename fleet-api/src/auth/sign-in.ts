import { appendAudit } from '../audit/log.ts';
import type { AppContext } from '../context.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { hashSecret, newSecret, SESSION_MAX_MS } from './credentials.ts';
import { lockMs, type PhantomLocks } from './lockout.ts';
import { totpOf } from './sealing.ts';
import { acceptedStep } from './totp.ts';

export interface Attempt {
  readonly login: string;
  readonly password: string;
  readonly totp: string | null;
  readonly ip: string;
  readonly userAgent: string | null;
}

export interface SignedIn {
  readonly userId: number;
  /** For the cookie; the database keeps its hash. */
  readonly token: string;
  readonly expiresAt: Date;
}

interface Account {
  readonly id: number;
  readonly org_id: number;
  readonly password_hash: string;
  readonly totp_secret: string | null;
  readonly totp_confirmed_at: Date | null;
  readonly totp_last_step: number;
  readonly locked_until: Date | null;
  readonly disabled_at: Date | null;
}

/**
 * Signs a person in. Unknown and disabled logins take as long as wrong passwords and are told the same.
 * @throws ApiError `invalid_credentials`, `totp_required`, `account_locked`
 */
export async function signIn(ctx: AppContext, phantoms: PhantomLocks, attempt: Attempt): Promise<SignedIn> {
  const login = attempt.login.toLowerCase();
  const account = await findAccount(ctx, login);
  requireUnlocked(account?.locked_until?.getTime() ?? phantoms.lockedUntil(login, ctx.clock()), ctx.clock());
  const isRight = await ctx.passwords.verify(attempt.password, account?.password_hash ?? null);
  if (account === null) {
    phantoms.fail(login, ctx.clock());
    throw apiError('invalid_credentials');
  }
  if (!isRight || account.disabled_at !== null) return fail(ctx, account, attempt, 'password');
  const step = secondFactor(ctx, account, attempt.totp);
  if (step === null) return fail(ctx, account, attempt, 'totp');
  return begin(ctx, account, attempt, step);
}

async function findAccount(ctx: AppContext, login: string): Promise<Account | null> {
  const { rows } = await ctx.pool.query<Account>(
    `select id, org_id, password_hash, totp_secret, totp_confirmed_at, totp_last_step, locked_until, disabled_at
     from app_user where login = $1`,
    [login],
  );
  return rows[0] ?? null;
}

function requireUnlocked(lockedUntil: number, now: number): void {
  if (lockedUntil <= now) return;
  const retryAfterS = Math.ceil((lockedUntil - now) / 1000);
  throw apiError('account_locked', {
    detail: `Try again in ${Math.ceil(retryAfterS / 60)} min, or let an administrator unlock it`,
    headers: { 'retry-after': String(retryAfterS) },
  });
}

/** The accepted step; 0 if the account has no second factor; null if the code is wrong. @throws `totp_required` */
function secondFactor({ sealer, clock }: AppContext, account: Account, code: string | null): number | null {
  if (account.totp_secret === null || account.totp_confirmed_at === null) return 0;
  if (code === null) throw apiError('totp_required');
  return acceptedStep(sealer.open(account.totp_secret, totpOf(account.id)), code, clock(), account.totp_last_step);
}

async function fail(ctx: AppContext, account: Account, attempt: Attempt, what: 'password' | 'totp'): Promise<never> {
  await inTransaction(ctx.pool, async (client) => {
    const { rows } = await client.query<{ failed_logins: number }>(
      'update app_user set failed_logins = failed_logins + 1 where id = $1 returning failed_logins',
      [account.id],
    );
    const failures = rows[0]?.failed_logins ?? 0;
    const lock = lockMs(failures);
    if (lock > 0) {
      await client.query('update app_user set locked_until = $2 where id = $1', [
        account.id,
        new Date(ctx.clock() + lock),
      ]);
    }
    await appendAudit(client, new Date(ctx.clock()), {
      userId: null,
      orgId: account.org_id,
      action: lock > 0 ? 'session.locked' : 'session.refused',
      subject: `user:${account.id}`,
      detail: { what, failures },
      ip: attempt.ip,
    });
  });
  throw apiError('invalid_credentials');
}

/**
 * Opens the session in one statement with the checks that a burst of parallel attempts could have outrun: still unlocked, and the
 * step of the second factor not used by another.
 */
async function begin(ctx: AppContext, account: Account, attempt: Attempt, step: number): Promise<SignedIn> {
  const token = newSecret();
  const now = new Date(ctx.clock());
  const expiresAt = new Date(ctx.clock() + SESSION_MAX_MS);
  await inTransaction(ctx.pool, async (client: PoolClient) => {
    const { rowCount } = await client.query(
      `update app_user set failed_logins = 0, locked_until = null, totp_last_step = greatest(totp_last_step, $3)
       where id = $1 and (locked_until is null or locked_until <= $2) and disabled_at is null
         and ($3 = 0 or totp_last_step < $3)`,
      [account.id, now, step],
    );
    if (rowCount !== 1) throw apiError('invalid_credentials');
    await client.query(
      `insert into user_session (token_hash, user_id, created_at, last_seen_at, expires_at, ip, user_agent)
       values ($1, $2, $3, $3, $4, $5, $6)`,
      [hashSecret(token), account.id, now, expiresAt, attempt.ip, attempt.userAgent?.slice(0, 300) ?? null],
    );
    await client.query('delete from user_session where user_id = $1 and expires_at <= $2', [account.id, now]);
    await appendAudit(client, now, {
      userId: account.id,
      orgId: account.org_id,
      action: 'session.opened',
      subject: `user:${account.id}`,
      ip: attempt.ip,
    });
  });
  return { userId: account.id, token, expiresAt };
}
