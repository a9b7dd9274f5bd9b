import type { Pool } from '../db/index.ts';
import type { Overview } from './schemas.ts';
import { type CountyCounts, countOpenIncidents, selectAttention, selectCounties } from './sql.ts';

/** Counties that the list of what needs a person shows at most. */
const COUNTIES_SHOWN = 30;

/** The state of the fleet as far as the scope reaches. It is a query each time: so it is right whichever process answers. */
export async function overviewOf(pool: Pool, scope: readonly number[] | null, nowMs: number): Promise<Overview> {
  const [counties, attention, incidents] = await Promise.all([
    selectCounties(pool, scope),
    selectAttention(pool, scope, COUNTIES_SHOWN),
    countOpenIncidents(pool, scope),
  ]);
  return {
    totals: totalsOf(counties),
    regions: counties.map(({ devices: _devices, ...county }) => county),
    attention,
    incidents_open: incidents,
    updated_at: new Date(nowMs),
  };
}

function totalsOf(counties: readonly CountyCounts[]): Overview['totals'] {
  const sum = (of: (county: CountyCounts) => number): number =>
    counties.reduce((total, county) => total + of(county), 0);
  return {
    stations: sum((c) => c.stations),
    vacant: sum((c) => c.vacant),
    devices: sum((c) => c.devices),
    online: sum((c) => c.online),
    offline: sum((c) => c.offline),
    faulty: sum((c) => c.faulty),
    never: sum((c) => c.never),
    spares: sum((c) => c.spares),
  };
}
