import { openPool } from '@uptally/fleet-api/db';
import { alertsOn } from './fleet.ts';

/** An alerts process that tests may kill: database and provider come as arguments. */
const [databaseUrl = '', baseUrl = ''] = process.argv.slice(2);
const pool = openPool({ url: databaseUrl, max: 4 });
const alerts = alertsOn(pool, baseUrl);
process.once('disconnect', () => process.exit(0));
await alerts.start();
process.send?.('ready');
