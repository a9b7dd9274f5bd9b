import { type Static, Type } from 'typebox';
import { callerOf } from '../auth/caller.ts';
import { capability } from '../http/capability.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf, pageQuery } from '../http/paging.ts';
import { Id, Instant, InstantInput, Json, NullableInteger, NullableString, Page, Query } from '../http/schemas.ts';
import { verifyAudit } from './log.ts';

const tags = ['audit'];
const Entry = Type.Object({
  id: Id,
  at: Instant,
  user_id: NullableInteger,
  user_login: NullableString,
  org_id: NullableInteger,
  action: Type.String(),
  subject: Type.String(),
  detail: Json,
  ip: NullableString,
  hash: Type.String({ description: 'sha256 over the hash before and this row, hex' }),
});
type Entry = Static<typeof Entry>;

const AuditQuery = Query({
  ...pageQuery,
  user_id: Type.Optional(Id),
  action: Type.Optional(Type.String({ maxLength: 64, description: 'Whole action or its beginning, e.g. `user.`' })),
  subject: Type.Optional(Type.String({ maxLength: 128 })),
  from: Type.Optional(InstantInput),
  to: Type.Optional(InstantInput),
});

const SORT = 'id-';

/** The audit log. Administrators see all of it, auditors what people of their organisation and the platform did. */
export default capability('audit', async (app, { ctx }) => {
  app.get(
    '/audit',
    {
      config: { access: 'audit.read' },
      schema: { tags, summary: 'What was done, newest first', querystring: AuditQuery, response: { 200: Page(Entry) } },
    },
    async (request) => {
      const { role, orgId } = callerOf(request);
      const { cursor, limit = DEFAULT_LIMIT, user_id, action, subject, from, to } = request.query;
      const after = cursorFrom(cursor, SORT, 1);
      const { rows } = await ctx.pool.query<Entry>(
        `select a.id, a.at, a.user_id, u.login as user_login, a.org_id, a.action, a.subject, a.detail, a.ip,
           encode(a.hash, 'hex') as hash
         from audit_log a left join app_user u on u.id = a.user_id
         where ($1::bigint is null or a.id < $1) and ($2::int is null or a.user_id = $2)
           and ($3::text is null or starts_with(a.action, $3)) and ($4::text is null or a.subject = $4)
           and ($5::timestamptz is null or a.at >= $5) and ($6::timestamptz is null or a.at < $6)
           and ($7::int is null or a.org_id is null or a.org_id = $7)
         order by a.id desc limit $8`,
        [
          after?.[0] ?? null,
          user_id ?? null,
          action ?? null,
          subject ?? null,
          from ?? null,
          to ?? null,
          role === 'admin' ? null : orgId,
          limit + 1,
        ],
      );
      return pageOf(rows, limit, SORT, (entry) => [entry.id]);
    },
  );

  app.get(
    '/audit/verify',
    {
      config: { access: 'audit.read', rateLimit: { max: 6, timeWindow: '1 minute' } },
      schema: {
        tags,
        summary: 'Recompute the hash chain',
        response: {
          200: Type.Object({
            ok: Type.Boolean(),
            rows: Type.Integer(),
            broken_at: NullableInteger,
            head: NullableString,
          }),
        },
      },
    },
    () => verifyAudit(ctx.pool),
  );
});
