import type { Queryable } from '../../db/index.ts';
import { setList } from '../shared/patch.ts';
import type { Model, ModelPatch, NewModel } from './schemas.ts';

/** Every model (they are few), or one. Counts cover the scope only. */
export async function selectModels(db: Queryable, scope: readonly number[] | null, id?: number): Promise<Model[]> {
  const { rows } = await db.query<Model>(
    `select m.id, m.code, m.name, m.vendor, m.required_components, coalesce(n.devices, 0) as devices
     from device_model m
     left join (select model_id, count(*)::int as devices from device_list
                where lifecycle <> 'retired' and ($1::int[] is null
                  or region_id = any (array(select id from region where path && $1::int[])))
                group by model_id) n on n.model_id = m.id
     where $2::int is null or m.id = $2 order by m.code`,
    [scope, id ?? null],
  );
  return rows;
}

/** Id of the new row. */
export async function insertModel(db: Queryable, model: NewModel): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    'insert into device_model (code, name, vendor, required_components) values ($1, $2, $3, $4) returning id',
    [model.code, model.name, model.vendor ?? '', model.required_components ?? []],
  );
  return (rows[0] as { id: number }).id;
}

/** True if the row exists. */
export async function updateModel(db: Queryable, id: number, patch: ModelPatch): Promise<boolean> {
  const set = setList(['code', 'name', 'vendor', 'required_components'], patch, 1);
  const { rowCount } = await db.query(`update device_model set ${set?.sql ?? 'id = id'} where id = $1`, [
    id,
    ...(set?.values ?? []),
  ]);
  return rowCount === 1;
}
