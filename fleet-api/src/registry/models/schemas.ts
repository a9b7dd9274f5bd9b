import { type Static, Type } from 'typebox';
import { Body, Code, Id, text } from '../../http/schemas.ts';

const Components = Type.Array(Type.String({ pattern: '^[a-z0-9_]{1,32}$' }), {
  maxItems: 32,
  uniqueItems: true,
  description: 'Parts whose fault makes the device faulty; empty: every part that reports a fault',
});

export const Model = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  vendor: Type.String(),
  required_components: Type.Array(Type.String()),
  devices: Type.Integer({ description: 'Devices that are not retired, in the caller’s regions' }),
});

export const ModelList = Type.Object({ items: Type.Array(Model) });

export const NewModel = Body({
  code: Code,
  name: text(80),
  vendor: Type.Optional(text(80)),
  required_components: Type.Optional(Components),
});

export const ModelPatch = Body({
  code: Type.Optional(Code),
  name: Type.Optional(text(80)),
  vendor: Type.Optional(text(80)),
  required_components: Type.Optional(Components),
});

export type Model = Static<typeof Model>;
export type NewModel = Static<typeof NewModel>;
export type ModelPatch = Static<typeof ModelPatch>;
