import { inTransaction, type Pool } from '../../db/index.ts';
import { apiError } from '../../http/errors.ts';
import { type Doer, record } from '../shared/doer.ts';
import { tellRegistry } from '../shared/events.ts';
import type { Model, ModelPatch, NewModel } from './schemas.ts';
import * as sql from './sql.ts';

type Scope = readonly number[] | null;

export async function listModels(pool: Pool, scope: Scope): Promise<Model[]> {
  return sql.selectModels(pool, scope);
}

/** @throws ApiError `already_exists` */
export async function createModel(pool: Pool, by: Doer, model: NewModel): Promise<Model> {
  return inTransaction(pool, async (client) => {
    const id = await sql.insertModel(client, model);
    await tellRegistry(client, 'model', id);
    await record(client, by, 'model.created', `model:${model.code}`, model);
    return (await sql.selectModels(client, by.scope, id))[0] as Model;
  });
}

/** A change of the required parts counts from each device's next health record. @throws ApiError `not_found` */
export async function changeModel(pool: Pool, by: Doer, id: number, patch: ModelPatch): Promise<Model> {
  return inTransaction(pool, async (client) => {
    if (!(await sql.updateModel(client, id, patch))) throw apiError('not_found');
    await tellRegistry(client, 'model', id);
    await record(client, by, 'model.changed', `model:${id}`, patch);
    return (await sql.selectModels(client, by.scope, id))[0] as Model;
  });
}
