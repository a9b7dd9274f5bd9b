import type { Queryable } from '../../db/index.ts';
import type { Restatement } from '../statements/schemas.ts';

/** What was found to differ of a statement since it was closed, oldest first. */
export async function restatementsOf(db: Queryable, statementId: number): Promise<Restatement[]> {
  const { rows } = await db.query<Omit<Restatement, 'content'> & { content: string }>(
    `select id, found_at, difference_fen, stations_changed, encode(sha256, 'hex') as sha256, content, seen_by_agency,
       seen_by_contractor from restatement where statement_id = $1 order by id limit 200`,
    [statementId],
  );
  return rows.map(({ content, ...row }) => ({ ...row, content: JSON.parse(content) as Restatement['content'] }));
}

export interface DueStatement {
  readonly id: number;
  readonly contract_id: number;
  readonly freeze_id: number;
  readonly instalment: string;
  readonly sub_period: string | null;
  readonly from_day: string;
  readonly to_day: string;
  readonly content: string;
}

/** The closed statement that was compared longest ago, before `before`; null if there is none. */
export async function nextToCheck(db: Queryable, before: Date): Promise<DueStatement | null> {
  const { rows } = await db.query<DueStatement>(
    `select s.id, s.contract_id, s.freeze_id, s.instalment, s.sub_period, s.from_day::text, s.to_day::text, f.content
     from statement s join statement_freeze f on f.id = s.freeze_id
     where s.state <> 'draft' and (s.checked_at is null or s.checked_at < $1) order by s.checked_at nulls first, s.id limit 1`,
    [before],
  );
  return rows[0] ?? null;
}

export async function setChecked(db: Queryable, id: number, at: Date): Promise<void> {
  await db.query('update statement set checked_at = $2 where id = $1', [id, at]);
}

/** Digest of what was found last of a freeze; null: nothing so far. */
export async function newestFinding(db: Queryable, freezeId: number): Promise<string | null> {
  const { rows } = await db.query<{ sha256: string }>(
    `select encode(sha256, 'hex') as sha256 from restatement where freeze_id = $1 order by id desc limit 1`,
    [freezeId],
  );
  return rows[0]?.sha256 ?? null;
}

export interface NewRestatement {
  readonly statementId: number;
  readonly freezeId: number;
  readonly foundAt: Date;
  readonly content: string;
  readonly sha256: Buffer;
  readonly differenceFen: number;
  readonly stationsChanged: number;
}

export async function insertRestatement(db: Queryable, found: NewRestatement): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    `insert into restatement (statement_id, freeze_id, found_at, content, sha256, difference_fen, stations_changed)
     values ($1, $2, $3, $4, $5, $6, $7) returning id`,
    [
      found.statementId,
      found.freezeId,
      found.foundAt,
      found.content,
      found.sha256,
      found.differenceFen,
      found.stationsChanged,
    ],
  );
  return (rows[0] as { id: number }).id;
}

/** Notes that a side has taken notice. True if there is such a restatement. */
export async function setSeen(
  db: Queryable,
  statementId: number,
  id: number,
  side: 'agency' | 'contractor',
  at: Date,
): Promise<boolean> {
  const column = side === 'agency' ? 'seen_by_agency' : 'seen_by_contractor';
  const { rowCount } = await db.query(
    `update restatement set ${column} = coalesce(${column}, $3) where statement_id = $1 and id = $2`,
    [statementId, id, at],
  );
  return rowCount === 1;
}
