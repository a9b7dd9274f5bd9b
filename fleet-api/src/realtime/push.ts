import { contractVisible } from '../availability/contracts/viewer.ts';
import type { AppContext } from '../context.ts';
import type { OutboxEvent } from '../db/index.ts';
import { countDevicesByState } from '../registry/devices/service.ts';
import { monthOf } from '../registry/shared/month.ts';
import { selectDevicesNow } from './devices-now.ts';
import type { ServerMessages } from './messages.ts';
import type { ConsoleSocket, Sockets } from './sockets.ts';

/** Devices read in one statement at most. */
const BATCH = 500;

/** Parts of settlement by the events that tell of them. */
const SETTLED = {
  'statement.changed': 'statement',
  'statement.restated': 'statement',
  'metric_input.changed': 'input',
  'contract_document.changed': 'document',
} as const;

type Settled = Parameters<ServerMessages['settlement']>[0];

/** What the outbox told since the last flush, brought down to what somebody watches. */
export class Push {
  readonly #ctx: AppContext;
  readonly #sockets: Sockets;
  /** Device id -> whether watchers of its regions are told too, not only those of the device. */
  readonly #devices = new Map<string, boolean>();
  #isOverviewStale = false;
  /** Acts of settlement, whose contracts decide who hears of them. */
  readonly #settled: { readonly contractId: number; readonly change: Settled }[] = [];

  constructor(ctx: AppContext, sockets: Sockets) {
    this.#ctx = ctx;
    this.#sockets = sockets;
  }

  /** Takes events in. What is small goes out at once; devices and counts wait for a flush, so that a storm costs one message each. */
  take(events: readonly OutboxEvent[]): void {
    for (const event of events) this.#takeOne(event);
  }

  #takeOne({ kind, region_path: path, payload }: OutboxEvent): void {
    const deviceId = String(payload.deviceId ?? '');
    switch (kind) {
      case 'device.online':
      case 'device.offline':
      case 'device.enrolled':
      case 'device.changed':
      case 'component.fault':
      case 'component.ok':
        this.#isOverviewStale = true;
        this.#devices.set(deviceId, true);
        break;
      case 'device.state':
      case 'device.revoked':
        if (!this.#devices.has(deviceId)) this.#devices.set(deviceId, false);
        break;
      case 'registry.changed':
        this.#isOverviewStale = true;
        break;
      case 'device.event':
        this.#sockets.send([`device:${deviceId}`], path, 'event', {
          device_id: deviceId,
          code: String(payload.code),
          severity: String(payload.sev ?? 'info'),
          at: String(payload.at),
        });
        break;
      case 'command.changed':
        this.#sockets.send([`commands:${payload.batchId}`, `device:${deviceId}`], path, 'command', {
          id: String(payload.id),
          batch_id: String(payload.batchId),
          device_id: deviceId,
          state: String(payload.state),
          at: String(payload.at ?? new Date(this.#ctx.clock()).toISOString()),
        });
        break;
      case 'incident.changed':
      case 'alert.changed':
        this.#sockets.send(['incidents'], path, 'incident', {
          kind: kind === 'incident.changed' ? 'incident' : 'alert',
          id: String(payload.id),
        });
        break;
      case 'exclusion.changed':
        this.#sockets.send(['exclusions'], path, 'exclusion', { id: Number(payload.id), state: String(payload.state) });
        break;
      case 'fault.changed':
        this.#sockets.send(['repair'], path, 'repair', {
          kind: 'fault',
          ids: (payload.ids as number[] | undefined) ?? [],
        });
        break;
      case 'work_order.changed':
        this.#sockets.send(['repair'], path, 'repair', { kind: 'order', ids: [Number(payload.id)] });
        break;
      case 'statement.changed':
      case 'statement.restated':
      case 'metric_input.changed':
      case 'contract_document.changed':
        this.#settled.push({
          contractId: Number(payload.contract_id),
          change: { kind: SETTLED[kind], id: Number(payload.id) },
        });
        break;
      case 'user.changed':
        this.#dropPerson(Number(payload.userId));
        break;
      default: // not for consoles
    }
  }

  /** Sends devices that changed, as they are now. */
  async flushDevices(): Promise<void> {
    const anyRegion = this.#sockets
      .everybody()
      .some(({ rooms }) => [...rooms].some((room) => room.startsWith('region:')));
    const due = [...this.#devices].filter(
      ([id, toRegions]) => (toRegions && anyRegion) || this.#sockets.isWatched(`device:${id}`),
    );
    const toRegions = new Map(due);
    this.#devices.clear();
    const month = monthOf(this.#ctx.clock(), this.#ctx.settings.timeZone);
    for (let i = 0; i < due.length; i += BATCH) {
      const ids = due.slice(i, i + BATCH).map(([id]) => id);
      for (const { item, regionPath } of await selectDevicesNow(this.#ctx.pool, ids, month)) {
        const regions = toRegions.get(item.device_id) ? (regionPath ?? []).map((id) => `region:${id}`) : [];
        this.#sockets.send([`device:${item.device_id}`, ...regions], regionPath, 'device', item);
      }
    }
  }

  /** Sends counts to those who watch the overview: one query for each distinct scope. */
  async flushOverview(): Promise<void> {
    if (!this.#isOverviewStale) return;
    this.#isOverviewStale = false;
    const scopeKey = ({ data }: ConsoleSocket): string => JSON.stringify(data.caller.regionIds);
    for (const sockets of groupBy(this.#sockets.watchers('overview'), scopeKey)) {
      const scope = sockets[0]?.data.caller.regionIds ?? null;
      const counts = await countDevicesByState(this.#ctx.pool, scope, {});
      const message = { ...counts, updated_at: new Date(this.#ctx.clock()).toISOString() };
      for (const socket of sockets) this.#sockets.sendTo(socket, 'overview', message);
    }
  }

  /** Sends acts of settlement to those who see the contract, as its pages go by: a contract lies in no one region. One query for each distinct viewer. */
  async flushSettlement(): Promise<void> {
    const due = this.#settled.splice(0);
    if (due.length === 0) return;
    const contractIds = due.map(({ contractId }) => contractId);
    for (const sockets of groupBy(this.#sockets.watchers('settlement'), viewerKey)) {
      const { regionIds = null, orgId = null, role = null } = sockets[0]?.data.caller ?? {};
      const { rows } = await this.#ctx.pool.query<{ id: number }>(
        `select c.id from contract c where c.id = any ($4::int[]) and ${contractVisible('$1', '$2', '$3')}`,
        [regionIds, orgId, role === 'admin', contractIds],
      );
      const seen = new Set(rows.map(({ id }) => id));
      for (const { change } of due.filter(({ contractId }) => seen.has(contractId))) {
        for (const socket of sockets) this.#sockets.sendTo(socket, 'settlement', change);
      }
    }
  }

  /** Rights or regions changed: the console comes back with the new ones, or not at all. */
  #dropPerson(userId: number): void {
    for (const socket of this.#sockets.everybody()) {
      if (socket.data.caller.userId === userId) socket.disconnect(true);
    }
  }
}

function groupBy(sockets: readonly ConsoleSocket[], keyOf: (socket: ConsoleSocket) => string): ConsoleSocket[][] {
  const groups = new Map<string, ConsoleSocket[]>();
  for (const socket of sockets) groups.set(keyOf(socket), [...(groups.get(keyOf(socket)) ?? []), socket]);
  return [...groups.values()];
}

function viewerKey({ data: { caller } }: ConsoleSocket): string {
  return JSON.stringify([caller.regionIds, caller.orgId, caller.role === 'admin']);
}
