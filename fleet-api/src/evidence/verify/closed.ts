import { checksumOf, selectClosings, selectDifferences } from '../../availability/closing/sql.ts';
import type { Queryable } from '../../db/index.ts';
import type { PeriodCase } from '../case/types.ts';

/** Frozen days within a period that is verified. */
export interface ClosedDays {
  readonly fromDay: string;
  /** Exclusive. */
  readonly toDay: string;
  /** The frozen figures still have the checksum that they were closed with. */
  readonly intact: boolean;
  /** Stations of the closing about which evidence says something else by now. */
  readonly stationsChanged: number;
}

/** Closings that reach into a period. What is recomputed is compared with what evidence says now; these say what was frozen. */
export async function closedDays(db: Queryable, contractId: number, period: PeriodCase): Promise<ClosedDays[]> {
  const found: ClosedDays[] = [];
  for (const closing of (await selectClosings(db, contractId)).reverse()) {
    if (closing.from_day >= period.toDay || closing.to_day <= period.fromDay) continue;
    const asked = { closing, stationIds: null, afterStation: 0, limit: 1 };
    found.push({
      fromDay: closing.from_day,
      toDay: closing.to_day,
      intact: (await checksumOf(db, closing.id)).toString('hex') === closing.figures_sha256,
      stationsChanged: (await selectDifferences(db, asked)).total,
    });
  }
  return found;
}

/** As the command prints it. */
export function closedLine({ fromDay, toDay, intact, stationsChanged }: ClosedDays): string {
  const state = intact ? 'as its checksum says' : 'NOT WHAT ITS CHECKSUM SAYS: frozen figures were changed';
  const since =
    stationsChanged === 0
      ? 'nothing differs from it'
      : `evidence since then gives other figures for ${stationsChanged} station${stationsChanged === 1 ? '' : 's'}`;
  return `closed: ${fromDay} to ${toDay} exclusive, ${state}; ${since}`;
}
