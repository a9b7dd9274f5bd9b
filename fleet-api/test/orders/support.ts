import { deflateSync } from 'node:zlib';
import { inTransaction, type Pool } from '../../src/db/index.ts';
import { openFault } from '../../src/faults/open.ts';
import { type Hand, handOf, NOW_MS, type Parties, testParties } from '../exclusions/support.ts';
import { type TestApi, testApi } from '../support/api.ts';

export const HOUR_MS = 3_600_000;

/** People of both sides of a contract about county AA. */
export interface Crew {
  readonly parties: Parties;
  readonly agency: Hand;
  readonly manager: Hand;
  readonly engineer: Hand;
  /** Of another contractor. */
  readonly stranger: Hand;
}

export async function testCrew(api: TestApi, pool: Pool): Promise<Crew> {
  api.clock.now = NOW_MS;
  const parties = await testParties(pool);
  return {
    parties,
    agency: await handOf(api, parties.agency, 'auditor'),
    manager: await handOf(api, parties.contractor, 'manager'),
    engineer: await handOf(api, parties.contractor, 'engineer'),
    stranger: await handOf(api, parties.other, 'manager'),
  };
}

/** Opens a fault of the first station of county AA `hours` before now; gives its ids. */
export function faultOf(
  pool: Pool,
  { parties }: Crew,
  { hours = 1, cause = 'printer', nowMs = NOW_MS }: { hours?: number; cause?: string; nowMs?: number } = {},
) {
  return inTransaction(pool, (client) =>
    openFault(client, {
      stationId: parties.ours.stations[0] ?? 0,
      source: 'telemetry',
      cause,
      component: cause,
      reason: 'paper_out',
      openedAtMs: nowMs - hours * HOUR_MS,
      nowMs,
      dedupKey: `test:${cause}`,
    }),
  );
}

/** The smallest PNG: what a signature begins like. */
export function png(): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    crc.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, crc]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const magic = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([
    magic,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(Buffer.from([0, 0]))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(data: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

export { testApi };
