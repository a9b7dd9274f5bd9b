import { type Static, Type } from 'typebox';
import { Id, NullableString, nullable } from '../http/schemas.ts';

/** Building blocks that several parts of the stock share. */

/** A store: the county, or a region without one above. */
export const Store = Type.Object({ id: Id, name: Type.String() });
export const ModelRef = Type.Object({ id: Id, code: Type.String(), name: Type.String() });
export const DeviceRef = Type.Object({ device_id: Type.String(), serial: Type.String(), model: nullable(ModelRef) });
export const StationRef = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  site: Type.Object({ id: Id, name: Type.String() }),
});
export const OrderRef = Type.Object({ id: Id, number: Type.String() });
export const PersonRef = Type.Object({ id: Id, name: Type.String() });
export const Note = nullable(Type.String());
export const Fen = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'Fen' });
export const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
export const NullableDay = NullableString;

export type Store = Static<typeof Store>;
export type ModelRef = Static<typeof ModelRef>;
export type DeviceRef = Static<typeof DeviceRef>;
export type StationRef = Static<typeof StationRef>;
export type OrderRef = Static<typeof OrderRef>;
export type PersonRef = Static<typeof PersonRef>;

/** SQL values of the references above, or null. Each argument is a column of the calling statement. */
export const storeSql = (region: string): string =>
  `(select json_build_object('id', s.id, 'name', s.name) from region s where s.id = ${region})`;
export const modelSql = (model: string): string =>
  `(select json_build_object('id', m.id, 'code', m.code, 'name', m.name) from device_model m where m.id = ${model})`;
export const deviceSql = (key: string): string =>
  `(select json_build_object('device_id', x.device_id, 'serial', x.serial, 'model', ${modelSql('x.model_id')})
    from device x where x.device_key = ${key})`;
export const stationSql = (station: string): string =>
  `(select json_build_object('id', t.id, 'code', t.code, 'name', t.name, 'site', json_build_object('id', i.id, 'name', i.name))
    from station t join site i on i.id = t.site_id where t.id = ${station})`;
export const personSql = (user: string): string =>
  `(select json_build_object('id', u.id, 'name', u.name) from app_user u where u.id = ${user})`;
/** Numbers of orders as people say them. */
export const orderSql = (order: string): string =>
  `case when ${order} is not null then json_build_object('id', ${order}, 'number', 'W-' || lpad((${order})::text, 6, '0')) end`;

/** A date of the trade as text: the driver would make an instant of it. */
export const dayText = (column: string): string => `to_char(${column}, 'YYYY-MM-DD')`;
