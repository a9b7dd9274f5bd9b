import { Type } from 'typebox';
import { memberOf } from '../../exclusions/parties.ts';
import { capability } from '../../http/capability.ts';
import { Id, IdParams, Instant, NullableString, nullable } from '../../http/schemas.ts';
import { frameOf } from '../access.ts';
import { Bilingual, Day, Person, ToDay } from '../schemas.ts';
import { verifyChain } from './chain.ts';
import { selectArchive } from './sql.ts';

const tags = ['settlement'];
const config = { access: 'settlement.read' } as const;

const Entries = Type.Object({
  items: Type.Array(
    Type.Object({
      seq: Type.Integer(),
      statement_id: Id,
      title: Bilingual,
      from_day: Day,
      to_day: ToDay,
      total_fen: Type.Integer(),
      sha256: Type.String(),
      previous_sha256: NullableString,
      archived: Type.Object({ at: Instant, user: nullable(Person) }),
    }),
  ),
});
const Verdict = Type.Object({
  intact: Type.Boolean(),
  entries: Type.Integer(),
  broken: Type.Array(Type.Object({ seq: Type.Integer(), reason: Type.String() })),
});

/** The archive of a contract: each entry names the hash of the one before it. */
export default capability('statement-archive', async (app, { ctx }) => {
  app.get(
    '/contracts/:id/archive',
    {
      config,
      schema: { tags, summary: 'Archived statements, oldest first', params: IdParams, response: { 200: Entries } },
    },
    async (request) => {
      await frameOf(ctx.pool, await memberOf(request, ctx), request.params.id);
      const entries = await selectArchive(ctx.pool, request.params.id);
      return {
        items: entries.map(({ archived_at, archived_user, ...entry }) => ({
          ...entry,
          archived: { at: archived_at, user: archived_user },
        })),
      };
    },
  );
  app.get(
    '/contracts/:id/archive/verify',
    {
      config,
      schema: {
        tags,
        summary: 'Whether every archived statement is what it was, entry by entry',
        params: IdParams,
        response: { 200: Verdict },
      },
    },
    async (request) => {
      await frameOf(ctx.pool, await memberOf(request, ctx), request.params.id);
      const { entries, broken } = await verifyChain(ctx.pool, request.params.id);
      return { intact: broken.length === 0, entries, broken };
    },
  );
});
