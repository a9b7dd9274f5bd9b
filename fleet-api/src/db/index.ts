export { type EmbeddedDatabase, type EmbeddedOptions, openEmbedded } from './embedded/launcher.ts';
export { isCurrent, loadMigrations, type Migration, MigrationError, migrate } from './migrate.ts';
export {
  type NewEvent,
  NOTIFY_CHANNEL,
  type OutboxEvent,
  OutboxHorizon,
  OutboxReader,
  type OutboxReaderOptions,
  outboxEnd,
  readOutbox,
  writeOutbox,
} from './outbox.ts';
export {
  inTransaction,
  openPool,
  type Pool,
  type PoolClient,
  type PoolOptions,
  type Queryable,
  sqlState,
} from './pool.ts';
