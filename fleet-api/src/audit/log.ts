import { createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { PoolClient, Queryable } from '../db/index.ts';

/**
 * The audit log: who did what to what. Each row's hash covers the row and the hash before it, so that a row changed or taken out
 * later breaks the chain. Cutting rows off the end can only be seen by whoever noted a later hash.
 */

export interface AuditEntry {
  /** Acting person; null for the platform itself and for failed sign-ins of nobody. */
  readonly userId: number | null;
  readonly orgId: number | null;
  /** Verb in the past, dotted: `user.created`, `device.revoked`. */
  readonly action: string;
  /** What it was done to: `user:12`, `device:pos-0001`. */
  readonly subject: string;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly ip?: string | null;
}

/** Any 64-bit number that nobody else uses for an advisory lock. */
const CHAIN_LOCK = 7_227_700_012;
const GENESIS = Buffer.alloc(32);

/** The row as it is hashed; a fixed order of names. */
interface ChainedRow {
  readonly at: Date;
  readonly user_id: number | null;
  readonly org_id: number | null;
  readonly action: string;
  readonly subject: string;
  readonly detail: unknown;
  readonly ip: string | null;
}

/**
 * Appends to the log in the caller's transaction: the act and its record are committed together or not at all. Appending
 * transactions run one after the other from here to their commit, so call it last.
 */
export async function appendAudit(client: PoolClient, at: Date, entry: AuditEntry): Promise<void> {
  await client.query('select pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
  const { rows } = await client.query<{ hash: Buffer }>('select hash from audit_log order by id desc limit 1');
  const previous = rows[0]?.hash ?? GENESIS;
  const row: ChainedRow = {
    at,
    user_id: entry.userId,
    org_id: entry.orgId,
    action: entry.action,
    subject: entry.subject,
    detail: JSON.parse(JSON.stringify(entry.detail ?? {})),
    ip: entry.ip ?? null,
  };
  await client.query(
    `insert into audit_log (at, user_id, org_id, action, subject, detail, ip, prev_hash, hash)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      at,
      row.user_id,
      row.org_id,
      row.action,
      row.subject,
      JSON.stringify(row.detail),
      row.ip,
      previous,
      hashOf(previous, row),
    ],
  );
}

/** The acting person of a request, for `appendAudit`. */
export function actorOf(request: FastifyRequest): Pick<AuditEntry, 'userId' | 'orgId' | 'ip'> {
  return { userId: request.caller?.userId ?? null, orgId: request.caller?.orgId ?? null, ip: request.ip };
}

export interface ChainVerdict {
  readonly ok: boolean;
  readonly rows: number;
  /** Number of the first row that does not follow from the one before; null if the chain holds. */
  readonly broken_at: number | null;
  /** Hash of the last row, hex: to be noted outside of the platform. */
  readonly head: string | null;
}

const VERIFY_BATCH = 2000;

/** Recomputes the whole chain. */
export async function verifyAudit(db: Queryable): Promise<ChainVerdict> {
  let previous: Buffer = GENESIS;
  let lastId = 0;
  let count = 0;
  for (;;) {
    const { rows } = await db.query<ChainedRow & { id: number; prev_hash: Buffer; hash: Buffer }>(
      `select id, at, user_id, org_id, action, subject, detail, ip, prev_hash, hash
       from audit_log where id > $1 order by id limit $2`,
      [lastId, VERIFY_BATCH],
    );
    for (const row of rows) {
      count++;
      if (!row.prev_hash.equals(previous) || !row.hash.equals(hashOf(previous, row))) {
        return { ok: false, rows: count, broken_at: row.id, head: null };
      }
      previous = row.hash;
      lastId = row.id;
    }
    if (rows.length < VERIFY_BATCH) break;
  }
  return { ok: true, rows: count, broken_at: null, head: count === 0 ? null : previous.toString('hex') };
}

function hashOf(previous: Buffer, row: ChainedRow): Buffer {
  const { at, user_id, org_id, action, subject, detail, ip } = row;
  const body = canonicalJson({ at: at.toISOString(), user_id, org_id, action, subject, detail, ip });
  return createHash('sha256').update(previous).update(body).digest();
}

/** JSON with the names of every object in code point order and no blanks (as RFC 8785 for what we store). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}
