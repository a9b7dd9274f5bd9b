import { inTransaction, type Pool, type PoolClient } from '../db/index.ts';
import { apiError } from '../http/errors.ts';
import { insertBatch } from './batches.ts';
import type { NewCommand } from './schemas.ts';
import { resolveSelection, type Selection, type Target } from './selection.ts';

/** Largest batch. */
export const MAX_BATCH = 100_000;
const MAX_ARGS_CHARS = 2_000;

export interface SendRequest {
  readonly body: NewCommand;
  readonly scope: readonly number[] | null;
  readonly userId: number;
  readonly nowMs: number;
  /** Runs in the same transaction, e.g. the audit entry. */
  readonly andThen: (client: PoolClient, batch: { id: string; op: string; total: number }) => Promise<void>;
}

export interface PreviewResult {
  readonly total: number;
  readonly online: number;
  readonly offline: number;
  readonly skipped: number;
  readonly confirm_needed: boolean;
}

/** Counts whom a command would reach, without sending anything. */
export async function previewCommand(
  pool: Pool,
  scope: readonly number[] | null,
  body: NewCommand,
): Promise<PreviewResult> {
  const { targets, skipped } = await targetsOf(pool, scope, body);
  const online = targets.filter((target) => target.online).length;
  return {
    total: targets.length,
    online,
    offline: targets.length - online,
    skipped,
    confirm_needed: needsConfirmation(body, targets.length),
  };
}

/** Sends a command to everything that the selection resolves to now. Returns the id of the batch. */
export async function sendCommand(pool: Pool, request: SendRequest): Promise<string> {
  const { body } = request;
  if (JSON.stringify(body.args ?? {}).length > MAX_ARGS_CHARS) {
    throw apiError('invalid_request', `args must not exceed ${MAX_ARGS_CHARS} characters as JSON`);
  }
  return inTransaction(pool, async (client) => {
    const { targets } = await targetsOf(client, request.scope, body);
    if (targets.length === 0) throw apiError('empty_selection');
    if (needsConfirmation(body, targets.length) && body.confirm !== targets.length) {
      throw apiError('confirmation_mismatch', `The selection holds ${targets.length} devices`);
    }
    const id = await insertBatch(client, {
      op: body.op,
      args: body.args ?? {},
      ttlMs: body.ttl_s * 1000,
      createdBy: request.userId,
      createdAtMs: request.nowMs,
      selection: selectionOf(body),
      targets,
    });
    await request.andThen(client, { id, op: body.op, total: targets.length });
    return id;
  });
}

/** A restart of many terminals stops a county's work: the sender has to name the number (CONSOLE: ask for the number, not OK). */
function needsConfirmation(body: NewCommand, total: number): boolean {
  return body.op === 'restart_terminal' && total > 1;
}

function selectionOf(body: NewCommand): Selection {
  if ((body.device_ids === undefined) === (body.filter === undefined)) {
    throw apiError('invalid_request', 'Give either device_ids or filter');
  }
  return body.device_ids === undefined ? { filter: body.filter ?? {} } : { ids: [...new Set(body.device_ids)] };
}

async function targetsOf(
  db: Pool | PoolClient,
  scope: readonly number[] | null,
  body: NewCommand,
): Promise<{ targets: readonly Target[]; skipped: number }> {
  const selection = selectionOf(body);
  const found = await resolveSelection(db, scope, selection, MAX_BATCH + 1);
  if (found.length > MAX_BATCH) throw apiError('too_many_devices', `At most ${MAX_BATCH} devices in one batch`);
  if ('ids' in selection) requireAll(selection.ids, found);
  const targets = found.filter((target) => target.reachable);
  return { targets, skipped: found.length - targets.length };
}

/** Devices that are named have to exist for the caller; a filter takes what there is. */
function requireAll(ids: readonly string[], found: readonly Target[]): void {
  const known = new Set(found.map((target) => target.device_id));
  const missing = ids.filter((id) => !known.has(id));
  if (missing.length === 0) return;
  const shown = missing.slice(0, 5).join(', ');
  throw apiError(
    'unknown_reference',
    `No such device: ${shown}${missing.length > 5 ? `, and ${missing.length - 5} more` : ''}`,
  );
}
