import { randomUUID } from 'node:crypto';
import type { Queryable } from '../db/index.ts';
import type { DocumentSubject } from './types.ts';

/**
 * Asks for a document in the caller's transaction; it is made once that is committed. Returns its id, for `GET /documents/:id`.
 * `params` go to the maker through JSON.
 */
export async function askFor(
  client: Queryable,
  kind: string,
  params: unknown,
  subject: DocumentSubject,
  by: { readonly userId: number | null; readonly nowMs: number },
): Promise<string> {
  const id = randomUUID();
  await client.query(
    `insert into document (id, kind, params, subject, contract_id, region_id, created_by, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8)`,
    [
      id,
      kind,
      JSON.stringify(params ?? {}),
      subject.ref,
      subject.contractId,
      subject.regionId,
      by.userId,
      new Date(by.nowMs),
    ],
  );
  return id;
}
