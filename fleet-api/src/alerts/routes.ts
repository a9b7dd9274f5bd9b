import { actorOf, appendAudit } from '../audit/log.ts';
import { callerOf } from '../auth/caller.ts';
import { scopeOf } from '../auth/scope.ts';
import type { AppContext } from '../context.ts';
import { inTransaction } from '../db/index.ts';
import { type App, capability } from '../http/capability.ts';
import { apiError } from '../http/errors.ts';
import { cursorFrom, DEFAULT_LIMIT, pageOf } from '../http/paging.ts';
import { IdParams, Page } from '../http/schemas.ts';
import { acknowledge, alertsOfIncident, findIncident, listAlerts, listIncidents } from './incidents.ts';
import { listNotifications, notificationsOf, providerState } from './notifications.ts';
import { registerOncall } from './oncall-routes.ts';
import {
  Alert,
  AlertQuery,
  Incident,
  IncidentDetail,
  IncidentQuery,
  Notification,
  NotificationQuery,
  Provider,
} from './schemas.ts';

const tags = ['alerts'];

/** Incidents, alerts, the delivery log and who is on call: the console's side of alerting. */
export default capability('alerts', async (app, { ctx }) => {
  incidentRoutes(app, ctx);
  acknowledgeRoute(app, ctx);
  logRoutes(app, ctx);
  registerOncall(app, ctx);
});

function incidentRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/incidents',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'Incidents, newest first',
        querystring: IncidentQuery,
        response: { 200: Page(Incident) },
      },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, state, rule, region } = request.query;
      const rows = await listIncidents(ctx.pool, scopeOf(callerOf(request)), {
        state: state ?? null,
        rule: rule ?? null,
        region: region ?? null,
        beforeId: idFrom(cursor, 'incident'),
        limit: limit + 1,
      });
      return pageOf(rows, limit, 'incident', (row) => [row.id]);
    },
  );
  app.get(
    '/incidents/:id',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'An incident with its alerts and what was sent about it',
        params: IdParams,
        response: { 200: IncidentDetail },
      },
    },
    async (request) => detail(ctx, scopeOf(callerOf(request)), request.params.id),
  );
}

function acknowledgeRoute(app: App, ctx: AppContext): void {
  app.post(
    '/incidents/:id/ack',
    {
      config: { access: 'alert.ack' },
      schema: {
        tags,
        summary: 'Take charge of an incident; the first to do so stays named',
        params: IdParams,
        response: { 200: IncidentDetail },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const scope = scopeOf(caller);
      const { id } = request.params;
      if ((await findIncident(ctx.pool, scope, id)) === null) throw apiError('not_found');
      await inTransaction(ctx.pool, async (client) => {
        if (await acknowledge(client, id, caller.userId, ctx.clock())) {
          await appendAudit(client, new Date(ctx.clock()), {
            ...actorOf(request),
            action: 'incident.acknowledged',
            subject: `incident:${id}`,
          });
        }
      });
      return detail(ctx, scope, id);
    },
  );
}

function logRoutes(app: App, ctx: AppContext): void {
  app.get(
    '/alerts',
    {
      config: { access: 'alert.read' },
      schema: { tags, summary: 'Alerts, newest first', querystring: AlertQuery, response: { 200: Page(Alert) } },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, open, rule, device_id } = request.query;
      const rows = await listAlerts(ctx.pool, scopeOf(callerOf(request)), {
        open: open ?? null,
        rule: rule ?? null,
        deviceId: device_id ?? null,
        beforeId: idFrom(cursor, 'alert'),
        limit: limit + 1,
      });
      return pageOf(rows, limit, 'alert', (row) => [row.id]);
    },
  );
  app.get(
    '/notifications',
    {
      config: { access: 'alert.read' },
      schema: {
        tags,
        summary: 'The delivery log, newest first',
        querystring: NotificationQuery,
        response: { 200: Page(Notification) },
      },
    },
    async (request) => {
      const { cursor, limit = DEFAULT_LIMIT, state } = request.query;
      const rows = await listNotifications(ctx.pool, scopeOf(callerOf(request)), {
        state: state ?? null,
        beforeId: idFrom(cursor, 'notification'),
        limit: limit + 1,
      });
      return pageOf(rows, limit, 'notification', (row) => [row.id]);
    },
  );
  app.get(
    '/notifications/provider',
    {
      config: { access: 'alert.read' },
      schema: { tags, summary: 'Whether the SMS provider takes our messages', response: { 200: Provider } },
    },
    async () => providerState(ctx.pool),
  );
}

async function detail(ctx: AppContext, scope: number[] | null, id: number) {
  const incident = await findIncident(ctx.pool, scope, id);
  if (incident === null) throw apiError('not_found');
  const alerts = await alertsOfIncident(ctx.pool, scope, id);
  const notifications = await notificationsOf(ctx.pool, id);
  return { ...incident, alerts: [...alerts], notifications: [...notifications] };
}

/** The id after which a page starts, or null for the first page. */
function idFrom(cursor: string | undefined, sort: string): number | null {
  const id = cursorFrom(cursor, sort, 1)?.[0] ?? null;
  if (id !== null && !Number.isSafeInteger(id)) throw apiError('invalid_cursor');
  return id as number | null;
}
