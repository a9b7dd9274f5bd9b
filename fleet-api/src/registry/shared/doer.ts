import type { FastifyRequest } from 'fastify';
import { type AuditEntry, actorOf, appendAudit } from '../../audit/log.ts';
import { callerOf } from '../../auth/caller.ts';
import { scopeOf } from '../../auth/scope.ts';
import type { AppContext } from '../../context.ts';
import type { PoolClient } from '../../db/index.ts';

/** Who asks, within which regions, and when. */
export interface Doer {
  /** Regions whose subtrees count; null: everything. */
  readonly scope: readonly number[] | null;
  readonly actor: Pick<AuditEntry, 'userId' | 'orgId' | 'ip'>;
  /** Moment of the request, Unix ms. */
  readonly nowMs: number;
  /** Zone in which days and months begin. */
  readonly timeZone: string;
}

/** The doer of a request. @throws ApiError `unauthenticated` */
export function doerOf(request: FastifyRequest, ctx: Pick<AppContext, 'clock' | 'settings'>): Doer {
  return {
    scope: scopeOf(callerOf(request)),
    actor: actorOf(request),
    nowMs: ctx.clock(),
    timeZone: ctx.settings.timeZone,
  };
}

/** Writes what was done to the audit log, as the last thing of the transaction that did it. */
export async function record(
  client: PoolClient,
  by: Doer,
  action: string,
  subject: string,
  detail: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  await appendAudit(client, new Date(by.nowMs), { ...by.actor, action, subject, detail });
}
