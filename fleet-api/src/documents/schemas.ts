import { Type } from 'typebox';
import { pageQuery } from '../http/paging.ts';
import { Id, Instant, NullableInstant, NullableString, nullable, oneOf, Page, Query, text } from '../http/schemas.ts';

export const DOCUMENT_STATES = ['queued', 'running', 'done', 'failed'] as const;

export const Document = Type.Object({
  id: Type.String({ format: 'uuid' }),
  kind: Type.String(),
  subject: Type.String({ description: 'What it is of, e.g. `report:12`' }),
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  region: nullable(Type.Object({ id: Id, name: Type.String() })),
  state: oneOf(DOCUMENT_STATES),
  progress: Type.Object(
    { done: Type.Integer(), total: Type.Integer() },
    { description: 'Steps; total is 0 until it is known' },
  ),
  files: Type.Array(
    Type.Object({
      name: Type.String(),
      media_type: Type.String(),
      bytes: Type.Integer(),
      sha256: Type.String({ description: 'Lower-case hex' }),
    }),
    { description: 'By place in this list at /documents/{id}/files/{n}; empty until done, and once removed' },
  ),
  error: NullableString,
  created_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  created_at: Instant,
  finished_at: NullableInstant,
  removed_at: NullableInstant,
});

export const DocumentPage = Page(Document);
export const DocumentQuery = Query({
  ...pageQuery,
  subject: Type.Optional(text(100)),
  kind: Type.Optional(text(50)),
  contract: Type.Optional(Id),
});
export const DocumentParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
export const FileParams = Type.Object({
  id: Type.String({ format: 'uuid' }),
  n: Type.Integer({ minimum: 0, maximum: 99 }),
});
