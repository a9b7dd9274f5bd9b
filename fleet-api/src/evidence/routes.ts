import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { periodOf } from '@uptally/sla';
import type { FastifyRequest } from 'fastify';
import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { scopeOf } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/index.ts';
import { type App, capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf } from '../http/paging.ts';
import { ensureEvidenceKey } from './bundle/key.ts';
import { findBundle, insertJob, listBundles, type Reader } from './bundle/store.ts';
import { stationIdsOf } from './case/stations.ts';
import { Bundle, BundlePage, BundleParams, BundleQuery, EvidenceKeyInfo, NewBundle } from './schemas.ts';

const tags = ['evidence'];
const config = { access: 'evidence.export' } as const;

/** Evidence to hand over: bundles that the other party checks without us (docs/verification.md). */
export default capability('evidence', async (app, { ctx }) => {
  orderRoute(app, ctx);
  readRoutes(app, ctx);
  fileRoute(app, ctx);
  app.get(
    '/evidence-key',
    {
      config: { access: 'availability.read' },
      schema: { tags, summary: 'The public key that bundles are signed with', response: { 200: EvidenceKeyInfo } },
    },
    async () => {
      const { fingerprint, publicPem } = ensureEvidenceKey(ctx.settings.keyDir);
      return { algorithm: 'Ed25519' as const, fingerprint, public_key_pem: publicPem };
    },
  );
});

function readerOf(request: FastifyRequest): Reader {
  const caller = callerOf(request);
  return { scope: scopeOf(caller), userId: caller.userId };
}

function orderRoute(app: App, ctx: AppContext): void {
  app.post(
    '/evidence-bundles',
    {
      config,
      schema: {
        tags,
        summary: 'Order a bundle: made in the background, progress by reading it',
        body: NewBundle,
        response: { 202: Bundle },
      },
    },
    async (request, reply) => {
      const { contract_id: contractId, period: name, region_id, site_id, station_id } = request.body;
      if ([region_id, site_id, station_id].filter((id) => id !== undefined).length > 1) {
        throw apiError('invalid_request', 'Name at most one of region_id, site_id and station_id');
      }
      const reader = readerOf(request);
      const period = periodIn(name, await zoneOf(ctx, contractId));
      const place = { regionId: region_id ?? null, siteId: site_id ?? null, stationId: station_id ?? null };
      await mayHave(ctx, reader, contractId, place);
      const id = randomUUID();
      const now = new Date(ctx.clock());
      await inTransaction(ctx.pool, async (client) => {
        await insertJob(client, { id, contractId, ...period, ...place, createdBy: reader.userId, now });
        await appendAudit(client, now, {
          ...actorOf(request),
          action: 'evidence.ordered',
          subject: `evidence_bundle:${id}`,
          detail: { contractId, ...period, ...place },
        });
      });
      const bundle = await findBundle(ctx.pool, reader, id);
      if (bundle === null) throw apiError('not_found');
      return reply.code(202).send(bundle);
    },
  );
}

function readRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/evidence-bundles',
    {
      config,
      schema: { tags, summary: 'Bundles, newest first', querystring: BundleQuery, response: { 200: BundlePage } },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT } = request.query;
      const after = cursorFrom(cursor, 'created', 2) as [string, string] | null;
      const rows = await listBundles(ctx.pool, readerOf(request), { after, limit: limit + 1 });
      return pageOf(rows, limit, 'created', (row) => [row.created_key, row.id]);
    },
  );
  app.get(
    '/evidence-bundles/:id',
    {
      config,
      schema: { tags, summary: 'A bundle and how far it is', params: BundleParams, response: { 200: Bundle } },
    },
    async (request) => {
      const bundle = await findBundle(ctx.pool, readerOf(request), request.params.id);
      if (bundle === null) throw apiError('not_found');
      return bundle;
    },
  );
}

function fileRoute(app: App, ctx: AppContext): void {
  app.get(
    '/evidence-bundles/:id/file',
    { config, schema: { tags, summary: 'The archive (application/zip)', params: BundleParams } },
    async (request, reply) => {
      const bundle = await findBundle(ctx.pool, readerOf(request), request.params.id);
      if (bundle?.removed === true) throw apiError('not_found', 'The file was removed; order the bundle again');
      if (bundle === null || bundle.file_name === null) throw apiError('not_found', 'There is no file (yet)');
      const path = join(ctx.settings.bundleDir, bundle.file_name);
      const size = await stat(path).catch(() => null);
      if (size === null) throw apiError('not_found', 'The file was removed; order the bundle again');
      const name = `uptally-evidence-${bundle.contract.code}-${bundle.from_day}.zip`;
      return reply
        .header('content-type', 'application/zip')
        .header('content-length', size.size)
        .header('content-disposition', `attachment; filename="${name.replaceAll(/[^A-Za-z0-9._-]/g, '_')}"`)
        .send(createReadStream(path));
    },
  );
}

function periodIn(name: string, timeZone: string): { readonly fromDay: string; readonly toDay: string } {
  try {
    const [from, to] = name.split('/');
    const { fromDay, toDay } = periodOf(from !== undefined && to !== undefined ? { from, to } : name, timeZone);
    return { fromDay, toDay };
  } catch (error) {
    throw apiError('invalid_request', { detail: `No such period: ${name}`, cause: error });
  }
}

async function zoneOf(ctx: AppContext, contractId: number): Promise<string> {
  const { rows } = await ctx.pool.query<{ time_zone: string }>('select time_zone from contract where id = $1', [
    contractId,
  ]);
  const [contract] = rows;
  if (contract === undefined) throw apiError('unknown_reference', 'No such contract');
  return contract.time_zone;
}

/** A bundle holds everything of its place, so its reader must be allowed to see all of it. */
async function mayHave(
  ctx: AppContext,
  reader: Reader,
  contractId: number,
  place: { readonly regionId: number | null; readonly siteId: number | null; readonly stationId: number | null },
): Promise<void> {
  const all = await stationIdsOf(ctx.pool, { contractId, ...place });
  if (all.length === 0) throw apiError('unknown_reference', 'The contract has no station there');
  if (reader.scope === null) return;
  const visible = await stationIdsOf(ctx.pool, { contractId, ...place, visible: reader.scope });
  if (visible.length < all.length)
    throw apiError('out_of_scope', 'The bundle would hold stations outside of your regions');
}
