import type { PoolClient, Queryable } from '../../db/index.ts';
import type { Member } from '../../exclusions/parties.ts';
import { apiError } from '../../http/errors.ts';
import { canonicalJson, sha256Of } from '../canonical.ts';
import { selectDisputes } from '../statements/dispute-sql.ts';
import { type StoredStatement, selectFreeze, selectSignatures } from '../statements/sql.ts';
import * as sql from './sql.ts';

/** What an entry of the archive says. `previous_sha256` chains it to the one before; the first has none. */
export interface ArchiveContent {
  readonly format: 1;
  readonly seq: number;
  readonly previous_sha256: string | null;
  readonly archived_at: string;
  readonly statement: {
    readonly id: number;
    readonly revision: number;
    readonly sha256: string;
    /** As it was frozen: `FrozenContent`. */
    readonly content: unknown;
  };
  readonly signatures: readonly {
    readonly side: string;
    readonly organisation: string | null;
    readonly name: string;
    readonly post: string;
    readonly account: string | null;
    readonly signed_at: string;
    readonly sha256: string;
  }[];
  readonly disputes: readonly {
    readonly clause: string;
    readonly reason: string;
    readonly state: string;
    readonly organisation: string;
    readonly note: string | null;
  }[];
}

/** Adds a signed statement to its contract's chain. The contract's row is locked, so entries come one after the other. */
export async function appendArchive(client: PoolClient, by: Member, row: StoredStatement) {
  if (row.freeze_id === null) throw apiError('settlement_state');
  const newest = await sql.newestEntry(client, row.contract.id);
  const freeze = await selectFreeze(client, row.freeze_id);
  const seq = (newest?.seq ?? 0) + 1;
  const content: ArchiveContent = {
    format: 1,
    seq,
    previous_sha256: newest?.sha256 ?? null,
    archived_at: new Date(by.nowMs).toISOString(),
    statement: {
      id: row.id,
      revision: freeze.revision,
      sha256: freeze.sha256,
      content: JSON.parse(freeze.content),
    },
    signatures: (await selectSignatures(client, freeze.id)).map(
      ({ side, org, name, post, user, signed_at, sha256 }) => ({
        side,
        organisation: org?.name ?? null,
        name,
        post,
        account: user?.name ?? null,
        signed_at: signed_at.toISOString(),
        sha256,
      }),
    ),
    disputes: (await selectDisputes(client, row.id)).map(({ clause, reason, state, opened_org, resolution_note }) => ({
      clause,
      reason,
      state,
      organisation: opened_org.name,
      note: resolution_note,
    })),
  };
  const text = canonicalJson(content);
  const sha256 = sha256Of(text);
  await sql.insertEntry(client, {
    contractId: row.contract.id,
    seq,
    statementId: row.id,
    content: text,
    sha256,
    previous: content.previous_sha256,
    userId: by.userId,
    nowMs: by.nowMs,
  });
  return { seq, sha256: sha256.toString('hex') };
}

export interface ChainFault {
  readonly seq: number;
  readonly reason: string;
}

const PAGE = 50;

/** Reads a chain from its first entry on and says where it is not what it was. */
export async function verifyChain(
  db: Queryable,
  contractId: number,
): Promise<{ entries: number; broken: ChainFault[] }> {
  const broken: ChainFault[] = [];
  let previous: string | null = null;
  let seq = 0;
  for (;;) {
    const page = await sql.selectChain(db, contractId, seq, PAGE);
    for (const row of page) {
      broken.push(...faultsOf(row, seq + 1, previous).map((reason) => ({ seq: row.seq, reason })));
      [seq, previous] = [row.seq, row.sha256];
    }
    if (page.length < PAGE) return { entries: seq, broken };
  }
}

function faultsOf(row: sql.ChainRow, expectedSeq: number, previous: string | null): string[] {
  const faults: string[] = [];
  if (row.seq !== expectedSeq) faults.push(`entry ${expectedSeq} is missing`);
  if (sha256Of(row.content).toString('hex') !== row.sha256)
    faults.push('the content does not have the hash of the entry');
  if (row.previous_sha256 !== previous) faults.push('the entry does not name the hash of the one before');
  const content = JSON.parse(row.content) as ArchiveContent;
  if (content.previous_sha256 !== row.previous_sha256 || content.seq !== row.seq) {
    faults.push('the content names another place in the chain');
  }
  if (canonicalJson(content.statement.content) !== row.freeze_content) {
    faults.push('the statement as it is kept differs from the one that was archived');
  }
  return faults;
}
