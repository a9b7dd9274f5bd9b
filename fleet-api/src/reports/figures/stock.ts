import type { Interval } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { selectStock } from '../../stock/spares/sql.ts';
import type { StockPart } from './types.ts';

export interface StockQuery {
  readonly period: Interval;
  /** Regions whose stores count. */
  readonly regionIds: readonly number[];
}

/** Spares as they stand now, and what went in and out over the period. */
export async function stockPart(db: Queryable, query: StockQuery): Promise<StockPart> {
  const cells = await selectStock(db, query.regionIds);
  return {
    stores: cells.flatMap(({ store, model, in_stock, in_repair, at_centre, minimum }) =>
      model === null
        ? []
        : [{ store: store.name, model: model.name, inStock: in_stock, inRepair: in_repair + at_centre, minimum }],
    ),
    movements: await movements(db, query),
    partsUsed: await partsUsed(db, query),
    repairs: await repairs(db, query),
  };
}

const inRegions = (column: string): string => `${column} in (select id from region where path && $3::int[])`;

function values({ period, regionIds }: StockQuery): unknown[] {
  return [new Date(period.from), new Date(period.to), regionIds];
}

async function movements(db: Queryable, query: StockQuery): Promise<Record<string, number>> {
  const { rows } = await db.query<{ kind: string; count: number }>(
    `select kind, count(*)::int as count from stock_movement where at >= $1 and at < $2
       and (${inRegions('to_region')} or ${inRegions('from_region')}) and note is distinct from 'opening' group by kind order by kind`,
    values(query),
  );
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

async function partsUsed(db: Queryable, query: StockQuery): Promise<StockPart['partsUsed']> {
  const { rows } = await db.query<{ name: string; quantity: number }>(
    `select p.name, -sum(m.change)::int as quantity from part_movement m join part p on p.id = m.part_id
     where m.kind = 'out' and m.at >= $1 and m.at < $2 and ${inRegions('m.region_id')} group by p.id, p.name order by 2 desc, 1`,
    values(query),
  );
  return rows;
}

async function repairs(db: Queryable, query: StockQuery): Promise<StockPart['repairs']> {
  const { rows } = await db.query<StockPart['repairs']>(
    `select count(*) filter (where sent_at >= $1 and sent_at < $2)::int as sent,
       count(*) filter (where returned_at >= $1 and returned_at < $2)::int as returned,
       count(*) filter (where sent_at < $2 and (returned_at is null or returned_at >= $2))::int as "atCentre",
       coalesce(sum(repair_fen) filter (where returned_at >= $1 and returned_at < $2), 0)::bigint as "repairFen",
       coalesce(sum(logistics_fen) filter (where returned_at >= $1 and returned_at < $2), 0)::bigint as "logisticsFen"
     from repair_leg where sent_at < $2 and ${inRegions('from_region')}`,
    values(query),
  );
  return rows[0] ?? { sent: 0, returned: 0, atCentre: 0, repairFen: 0, logisticsFen: 0 };
}
