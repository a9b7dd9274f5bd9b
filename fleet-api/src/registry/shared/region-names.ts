import { type Static, Type } from 'typebox';
import { Id, NullableString } from '../../http/schemas.ts';

/** A row's region in words: what a person says when asked where. */
export const RegionNames = Type.Object({
  id: Id,
  name: Type.String(),
  county: NullableString,
  township: NullableString,
});
export type RegionNames = Static<typeof RegionNames>;

/**
 * SQL value of {@link RegionNames} for a region id, or null. `regionId` is a column of the calling statement. Each region of the path is
 * looked up by its key (hence the fence): a join would read all regions for every row of a list.
 */
export function regionNamesSql(regionId: string): string {
  return `(select json_build_object('id', own.id, 'name', own.name,
      'county', max(up.name) filter (where up.kind = 'county'),
      'township', max(up.name) filter (where up.kind = 'township'))
    from region own cross join unnest(own.path) as above (id)
      cross join lateral (select r.name, r.kind from region r where r.id = above.id offset 0) up
    where own.id = ${regionId} group by own.id)`;
}
