/** An ingest process for tests: `DATABASE_URL` and `MQTT_URL` in, `ready` on stdout, then a line of stats on each line of stdin. */
import { pino } from 'pino';
import { openPool } from '../../fleet-api/src/db/index.ts';
import { createIngest } from '../../fleet-api/src/ingest/index.ts';
import { createMqttUplink } from '../../fleet-api/src/ingest/mqtt-client.ts';

const { DATABASE_URL = '', MQTT_URL = '' } = process.env;
const log = pino({ level: 'warn' }, pino.destination(2));
const pool = openPool({ url: DATABASE_URL, max: 4 });
const ingest = createIngest({ pool, clock: Date.now, log, maxInflight: 1 });
const uplink = createMqttUplink({
  url: MQTT_URL,
  username: null,
  password: null,
  pool,
  sink: ingest.sink,
  log,
  clock: Date.now,
});
await ingest.start();
await uplink.start();
process.stdin.on('data', () => process.stdout.write(`${JSON.stringify(ingest.stats())}\n`));
process.stdout.write('ready\n');
