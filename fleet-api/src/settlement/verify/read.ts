import type { Queryable } from '../../db/index.ts';
import { selectContent } from '../archive/sql.ts';
import { selectEvidence, selectFreeze } from '../statements/sql.ts';
import type { StatementFiles } from './check.ts';

/** A closed statement as a bundle carries it, with the closings that its figures lie in. */
export interface SettledFiles extends StatementFiles {
  readonly closedIds: readonly number[];
}

/** @throws Error if the statement has been opened again */
export async function readSettled(db: Queryable, statementId: number): Promise<SettledFiles> {
  const { rows } = await db.query<{ freeze_id: number | null }>('select freeze_id from statement where id = $1', [
    statementId,
  ]);
  const freezeId = rows[0]?.freeze_id ?? null;
  if (freezeId === null) throw new Error(`statement ${statementId} is not closed`);
  const freeze = await selectFreeze(db, freezeId);
  return {
    content: freeze.content,
    evidence: await selectEvidence(db, freezeId),
    archive: await selectContent(db, statementId),
    closedIds: freeze.closings.map(({ id }) => id),
  };
}
