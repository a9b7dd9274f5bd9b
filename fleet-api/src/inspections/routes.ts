import { Type } from 'typebox';
import { memberOf } from '../exclusions/parties.ts';
import {
  answering,
  FileContent,
  FileRow,
  IMAGE_TYPES,
  MAX_FILE_BYTES,
  MEDIA_TYPES,
  readUpload,
  sendFile,
} from '../files/index.ts';
import { capability } from '../http/capability.ts';
import { sendVersion } from '../http/preconditions.ts';
import { Id, IdParams } from '../http/schemas.ts';
import { archiveOf } from './archive.ts';
import { calendarOf } from './calendar.ts';
import { askCancellation, decideCancellation, withdrawCancellation } from './cancellation.ts';
import { openItemFault } from './item-faults.ts';
import { ratesOf } from './rates.ts';
import * as schemas from './schemas.ts';
import * as service from './service.ts';

const tags = ['inspections'];
const params = IdParams;
const response = { 200: schemas.TaskDetail };

export default capability('inspections', async (app, { ctx }) => {
  app.get(
    '/inspections',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'List inspections by their due instants',
        querystring: schemas.TaskQuery,
        response: { 200: schemas.TaskPage },
      },
    },
    async (request) => service.listTasks(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/inspections/mine',
    {
      config: { access: 'inspection.do' },
      schema: {
        tags,
        summary: 'What the caller has to carry out, to take along',
        description:
          'Overdue ones first, those that begin within a week included, with checklists and readings; at most 100.',
        response: { 200: schemas.MineAnswer },
      },
    },
    async (request) => service.listMine(ctx.pool, await memberOf(request, ctx)),
  );

  app.get(
    '/inspections/calendar',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'Inspections of a month counted by day and by county',
        querystring: schemas.CalendarQuery,
        response: { 200: schemas.CalendarAnswer },
      },
    },
    async (request) => calendarOf(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/inspections/archive',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'What inspections of a site, station or device found, newest first',
        querystring: schemas.ArchiveQuery,
        response: { 200: schemas.ArchivePage },
      },
    },
    async (request) => archiveOf(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/inspection-rates',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'The inspection rate of a period, done by due, in all, by county and by plan',
        description:
          'An inspection counts in the period in which it falls due, and as done if carried out by the end of that period. ' +
          'One that both sides took off is not due.',
        querystring: schemas.RateQuery,
        response: { 200: schemas.RateAnswer },
      },
    },
    async (request) => ratesOf(ctx.pool, await memberOf(request, ctx), request.query),
  );

  app.get(
    '/inspections/:id',
    {
      config: { access: 'repair.read' },
      schema: { tags, summary: 'One inspection with checklist, answers and readings', params, response },
    },
    async (request, reply) => {
      const task = await service.getTask(ctx.pool, await memberOf(request, ctx), request.params.id);
      sendVersion(reply, task.version);
      return task;
    },
  );

  app.post(
    '/inspections/:id/start',
    {
      config: { access: 'inspection.do' },
      schema: { tags, summary: 'Begin an inspection', params, body: schemas.StartBody, response },
    },
    async (request) =>
      service.startTask(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.started_at),
  );

  app.post(
    '/inspections/:id/finish',
    {
      config: { access: 'inspection.do' },
      schema: {
        tags,
        summary: 'Tell that an inspection was carried out',
        description:
          'Late ones too. Every required item must be answered. The same client_key again changes nothing; if somebody else was ' +
          'faster, inspection_done says who and when. Items found faulty may open their fault at once (open_fault).',
        params,
        body: schemas.FinishBody,
        response,
      },
    },
    async (request) => service.finishTask(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/inspections/:id/assign',
    {
      config: { access: 'inspection.plan' },
      schema: { tags, summary: 'Give an inspection to somebody', params, body: schemas.AssignBody, response },
    },
    async (request) =>
      service.assignTask(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.user_id),
  );

  app.post(
    '/inspections/:id/faults',
    {
      config: { access: 'inspection.do' },
      schema: {
        tags,
        summary: 'Open a fault for an item that was found faulty',
        params,
        body: schemas.FaultBody,
        response: { 200: schemas.FaultOpened },
      },
    },
    async (request) => openItemFault(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/inspections/:id/cancellation',
    {
      config: { access: 'inspection.cancel' },
      schema: {
        tags,
        summary: 'Ask that an inspection be not owed',
        description: 'With a reason; the other side of the contract decides. Until then it is owed.',
        params,
        body: schemas.CancelBody,
        response,
      },
    },
    async (request) => askCancellation(ctx.pool, await memberOf(request, ctx), request.params.id, request.body.reason),
  );

  app.post(
    '/inspections/:id/cancellation/decide',
    {
      config: { access: 'inspection.decide' },
      schema: {
        tags,
        summary: 'Decide whether an inspection is not owed',
        params,
        body: schemas.DecideCancelBody,
        response,
      },
    },
    async (request) => decideCancellation(ctx.pool, await memberOf(request, ctx), request.params.id, request.body),
  );

  app.post(
    '/inspections/:id/cancellation/withdraw',
    {
      config: { access: 'inspection.cancel' },
      schema: { tags, summary: 'Take such a request back', params, response },
    },
    async (request) => withdrawCancellation(ctx.pool, await memberOf(request, ctx), request.params.id),
  );

  app.post(
    '/inspections/:id/files',
    {
      bodyLimit: MAX_FILE_BYTES,
      config: {
        access: 'inspection.do',
        idempotency: 'off',
        rateLimit: { max: 120, timeWindow: '1 minute' },
      },
      schema: {
        tags,
        summary: 'Add a photo to an inspection (field `file` of a form)',
        description: 'PNG or JPEG by its content, 10 MB at most. The same content again is the same file.',
        consumes: ['multipart/form-data'],
        params,
        response: { 200: FileRow },
      },
    },
    (request, reply) =>
      answering(request, reply, async () => {
        const by = await memberOf(request, ctx);
        await service.requireUploader(ctx.pool, by, request.params.id);
        return service.addTaskFile(ctx.pool, by, request.params.id, await readUpload(request, IMAGE_TYPES));
      }),
  );

  app.get(
    '/inspections/:id/files/:fid',
    {
      config: { access: 'repair.read' },
      schema: {
        tags,
        summary: 'A photo of an inspection',
        params: Type.Object({ id: Id, fid: Id }),
        produces: [...MEDIA_TYPES],
        response: { 200: FileContent },
      },
    },
    async (request, reply) => {
      const { id, fid } = request.params;
      return sendFile(reply, await service.getTaskFile(ctx.pool, await memberOf(request, ctx), id, fid));
    },
  );
});
