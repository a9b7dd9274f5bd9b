import { type Static, Type } from 'typebox';
import { NullableString, oneOf, Query } from '../../http/schemas.ts';
import { IMPORT_KINDS } from './columns.ts';

export const ImportParams = Type.Object({ kind: oneOf(IMPORT_KINDS) });

export const ImportQuery = Query({
  dry_run: Type.Optional(Type.Boolean({ default: false, description: 'Check everything, change nothing' })),
});

export const ImportReport = Type.Object({
  kind: oneOf(IMPORT_KINDS),
  dry_run: Type.Boolean(),
  committed: Type.Boolean({ description: 'False if anything is wrong: an import happens wholly or not at all' }),
  rows: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer({ description: 'Rows that differ from what was there' }),
  unchanged: Type.Integer(),
  errors_total: Type.Integer(),
  errors: Type.Array(
    Type.Object({
      line: Type.Integer({ description: 'As an editor counts, the header is 1' }),
      column: { ...NullableString, description: 'Header of the column, as the file has it' } as typeof NullableString,
      code: Type.String(),
      value: NullableString,
      message: Type.String(),
    }),
    { description: 'By line, at most 1,000' },
  ),
  ignored_columns: Type.Array(Type.String(), { description: 'Headers that mean nothing here' }),
});

export type ImportReport = Static<typeof ImportReport>;
