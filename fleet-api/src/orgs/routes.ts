import { type Static, Type } from 'typebox';
import { actorOf, appendAudit } from '../audit/log.ts';
import { ORG_KINDS } from '../auth/schemas.ts';
import { inTransaction } from '../db/index.ts';
import { capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { Body, Code, Id, IdParams, Instant, oneOf, text } from '../http/schemas.ts';

const tags = ['orgs'];
const Org = Type.Object({
  id: Id,
  code: Type.String(),
  name: Type.String(),
  kind: oneOf(ORG_KINDS),
  users: Type.Integer({ description: 'People who are not disabled' }),
  created_at: Instant,
});
type Org = Static<typeof Org>;
const NewOrg = Body({ code: Code, name: text(80), kind: oneOf(ORG_KINDS) });
const OrgChange = Body({ name: Type.Optional(text(80)), kind: Type.Optional(oneOf(ORG_KINDS)) });

const COLUMNS = `o.id, o.code, o.name, o.kind, o.created_at,
  (select count(*)::int from app_user u where u.org_id = o.id and u.disabled_at is null) as users`;

export default capability('orgs', async (app, { ctx }) => {
  app.get(
    '/orgs',
    {
      config: { access: 'org.read' },
      schema: { tags, summary: 'Organisations', response: { 200: Type.Object({ items: Type.Array(Org) }) } },
    },
    async () => {
      const { rows } = await ctx.pool.query<Org>(`select ${COLUMNS} from org o order by o.name, o.id limit 1000`);
      return { items: rows };
    },
  );

  app.post(
    '/orgs',
    {
      config: { access: 'org.write' },
      schema: { tags, summary: 'Create an organisation', body: NewOrg, response: { 201: Org } },
    },
    async (request, reply) => {
      const { code, name, kind } = request.body;
      const org = await inTransaction(ctx.pool, async (client) => {
        const { rows } = await client.query<{ id: number }>(
          'insert into org (code, name, kind) values ($1, $2, $3) returning id',
          [code, name, kind],
        );
        const id = rows[0]?.id ?? 0;
        const created = await client.query<Org>(`select ${COLUMNS} from org o where o.id = $1`, [id]);
        const audit = { ...actorOf(request), action: 'org.created', subject: `org:${id}`, detail: request.body };
        await appendAudit(client, new Date(ctx.clock()), audit);
        return created.rows[0];
      });
      if (org === undefined) throw apiError('internal');
      return reply.code(201).send(org);
    },
  );

  app.patch(
    '/orgs/:id',
    {
      config: { access: 'org.write' },
      schema: { tags, summary: 'Rename an organisation', params: IdParams, body: OrgChange, response: { 200: Org } },
    },
    async (request) => {
      const { id } = request.params;
      const { name, kind } = request.body;
      const org = await inTransaction(ctx.pool, async (client) => {
        await client.query('update org set name = coalesce($2, name), kind = coalesce($3, kind) where id = $1', [
          id,
          name ?? null,
          kind ?? null,
        ]);
        const { rows } = await client.query<Org>(`select ${COLUMNS} from org o where o.id = $1`, [id]);
        if (rows[0] === undefined) throw apiError('not_found');
        const audit = { ...actorOf(request), action: 'org.changed', subject: `org:${id}`, detail: request.body };
        await appendAudit(client, new Date(ctx.clock()), audit);
        return rows[0];
      });
      return org;
    },
  );
});
