import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Ledger } from '../availability/ledger/index.ts';
import { createCommandDispatcher } from '../commands/index.ts';
import { DutyKeeper } from '../duties/keeper.ts';
import { createSessionCutter } from '../enrolment/session-cutter.ts';
import { FaultWorker } from '../faults/telemetry/worker.ts';
import { createIngest } from '../ingest/index.ts';
import { InspectionMaker } from '../inspections/index.ts';
import type { ReadinessCheck } from '../metrics/checks.ts';
import { Liveness } from '../platform/index.ts';
import { forgetConnections, Presence } from '../presence/index.ts';
import { RepairMarker } from '../repair/marker.ts';
import { isReplaying } from '../replay/index.ts';
import { ReportClock } from '../reports/clock.ts';
import { createScheduler } from '../scheduler/index.ts';
import { RestatementWatch, RiskWatch } from '../settlement/index.ts';
import type { Database } from './database.ts';
import { documentDir, evidencePaths } from './files.ts';
import { type DeviceTransport, startTransport } from './mqtt.ts';
import type { Parts } from './parts.ts';
import { ingestCheck } from './readiness.ts';

/** The way to devices, and whether it works. */
export interface Devices {
  readonly transport: DeviceTransport;
  readonly readiness: ReadinessCheck;
}

/** Everything between the devices and the database: ingest, its transport, commands, the platform's own liveness. */
export async function startDevices(parts: Parts, database: Database): Promise<Devices> {
  const { pool, log, stack, metrics, clock, config } = parts;
  const ingest = createIngest({
    pool,
    clock,
    log,
    metrics,
    timeZone: config.timeZone,
    maxInflight: database.embedded ? 1 : 2,
  });
  await ingest.start();
  stack.push('ingest', () => ingest.stop());
  if (database.embedded) await forgetConnections(pool);
  const transport = await startTransport(parts, ingest.sink);
  const liveness = new Liveness({ pool, component: 'ingest', instance: `${hostname()}:${randomUUID()}`, clock, log });
  await liveness.start();
  stack.push('platform liveness', () => liveness.stop());
  const cutter = createSessionCutter({
    pool,
    downlink: transport.downlink,
    forget: (deviceKey) => ingest.forget(deviceKey),
    onError: (error) => log.warn({ err: error }, 'sessions to cut'),
  });
  await cutter.start();
  stack.push('session cutter', () => cutter.stop());
  const dispatcher = createCommandDispatcher({ pool, downlink: transport.downlink, log, clock });
  await dispatcher.start();
  stack.push('commands', () => dispatcher.stop());
  return { transport, readiness: ingestCheck(ingest, transport) };
}

/** Work by the clock: presence, figures, and the database's own jobs where it has no workers. */
export async function startScheduler(parts: Parts, database: Database): Promise<void> {
  const { pool, log, stack, clock, metrics, config } = parts;
  const presence = new Presence({ pool, clock, log });
  await presence.start();
  stack.push('presence', () => presence.stop());
  const isHeld = (): Promise<boolean> => isReplaying(pool, clock());
  const ledger = new Ledger({ pool, clock, log, metrics, ...(config.demo !== null && { isHeld }) });
  await ledger.start();
  stack.push('ledger', () => ledger.stop());
  const inspections = new InspectionMaker({ pool, clock, log });
  await inspections.start();
  stack.push('inspections', () => inspections.stop());
  const duties = new DutyKeeper({ pool, clock, log });
  await duties.start();
  stack.push('duties', () => duties.stop());
  const faults = new FaultWorker({ pool, clock, log, metrics, ...(config.demo !== null && { isHeld }) });
  await faults.start();
  stack.push('faults', () => faults.stop());
  const marker = new RepairMarker({ pool, clock, log });
  await marker.start();
  stack.push('repair clocks', () => marker.stop());
  const restatements = new RestatementWatch({ pool, clock, log, ...(config.demo !== null && { isHeld }) });
  await restatements.start();
  stack.push('restatements', () => restatements.stop());
  const risk = new RiskWatch({ pool, clock, log, ...(config.demo !== null && { isHeld }) });
  await risk.start();
  stack.push('money at risk', () => risk.stop());
  const reports = new ReportClock({ pool, clock, log, ...(config.demo !== null && { isHeld }) });
  await reports.start();
  stack.push('reports', () => reports.stop());
  const scheduler = createScheduler({
    pool,
    log,
    clock,
    embedded: database.embedded,
    metrics,
    documents: { dir: documentDir(config.dataDir), days: config.documentDays },
    bundles: { dir: evidencePaths(config.dataDir).bundleDir, ...config.bundles },
    ...(config.demo !== null && { isHeld }),
  });
  await scheduler.start();
  stack.push('scheduler', () => scheduler.stop());
}
