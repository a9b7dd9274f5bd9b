import { type Static, Type } from 'typebox';
import { callerOf } from '../auth/caller.ts';
import { inScope, scopeOf } from '../auth/scope.ts';
import { capability } from '../http/capability.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf, pageQuery } from '../http/paging.ts';
import { Id, Instant, Page, Query } from '../http/schemas.ts';

const Quarantined = Type.Object({
  id: Id,
  at: Instant,
  device_id: Type.String(),
  channel: Type.String(),
  code: Type.String({ description: 'Stable reason' }),
  reason: Type.String({ description: 'What was wrong, in words' }),
  payload_bytes: Type.Integer({ description: 'Bytes kept; at most 4096' }),
  payload: Type.String({ description: 'As text if it is text, else hex; at most 4096 bytes of it' }),
});
type Quarantined = Static<typeof Quarantined>;

const QuarantineQuery = Query({
  ...pageQuery,
  device_id: Type.Optional(Type.String({ maxLength: 64 })),
  code: Type.Optional(Type.String({ maxLength: 64 })),
});
const SORT = 'id-';

/** What devices sent that could not be used. */
export default capability('quarantine', async (app, { ctx }) => {
  app.get(
    '/quarantine',
    {
      config: { access: 'quarantine.read' },
      schema: {
        tags: ['quarantine'],
        summary: 'Unusable messages, newest first',
        querystring: QuarantineQuery,
        response: { 200: Page(Quarantined) },
      },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, device_id, code } = request.query;
      const after = cursorFrom(cursor, SORT, 1);
      const { rows } = await ctx.pool.query<Omit<Quarantined, 'payload'> & { payload: Buffer }>(
        `select q.id, q.at, q.device_id, q.channel, q.code, q.reason, length(q.payload) as payload_bytes, q.payload
         from quarantine q left join device d on d.device_key = q.device_key left join region r on r.id = d.region_id
         where ($1::bigint is null or q.id < $1) and ($2::text is null or q.device_id = $2)
           and ($3::text is null or q.code = $3) and ${inScope('r.path', '$4')}
         order by q.id desc limit $5`,
        [after?.[0] ?? null, device_id ?? null, code ?? null, scopeOf(callerOf(request)), limit + 1],
      );
      const items = rows.map((row) => ({ ...row, payload: readable(row.payload) }));
      return pageOf(items, limit, SORT, (row) => [row.id]);
    },
  );
});

/** Text if the bytes are printable UTF-8, else hex. Hostile input: shown as text only, never rendered. */
function readable(payload: Buffer): string {
  const text = payload.toString('utf8');
  return /^[\t\n\r\x20-\x7e\u00a0-\ufffc]*$/.test(text) ? text : payload.toString('hex');
}
