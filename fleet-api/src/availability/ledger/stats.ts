import { Counter, Gauge, type Registry } from 'prom-client';
import type { Pool } from '../../db/index.ts';
import type { Step } from './worker.ts';

/** What this process has done since it began. */
export class LedgerCounters {
  marks = 0;
  stations = 0;
  days = 0;
  changed = 0;
  failed = 0;

  add({ marks, stations, days, changed, failed }: Step): void {
    this.marks += marks;
    this.stations += stations;
    this.days += days;
    this.changed += changed;
    this.failed += failed.length;
  }
}

const WAITING = `select (select count(*) from evidence_mark) as marks, (select count(*) from accrual_due) as stations,
  extract(epoch from now() - (select swept_to from accrual_sweep))::float8 as age`;

interface Waiting {
  readonly marks: number;
  readonly stations: number;
  readonly age: number | null;
}

export function registerLedgerMetrics(registry: Registry, pool: Pool, counters: LedgerCounters): void {
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  counter('uptally_ledger_marks_total', 'Marks of changed evidence taken up', () => counters.marks);
  counter('uptally_ledger_stations_total', 'Stations counted', () => counters.stations);
  counter('uptally_ledger_station_days_total', 'Days of stations and contracts counted', () => counters.days);
  counter('uptally_ledger_changed_total', 'Days whose figures came out different', () => counters.changed);
  counter('uptally_ledger_failed_total', 'Stations whose figures could not be made', () => counters.failed);
  const gauge = (name: string, help: string, read: (waiting: Waiting) => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const { rows } = await pool.query<Waiting>(WAITING);
        if (rows[0] !== undefined) this.set(read(rows[0]));
      },
    });
  };
  gauge('uptally_ledger_marks_waiting', 'Marks of changed evidence not taken up yet', ({ marks }) => marks);
  gauge('uptally_ledger_stations_waiting', 'Stations to be counted', ({ stations }) => stations);
  gauge(
    'uptally_ledger_age_seconds',
    'Time since the present was last handed over to be counted',
    ({ age }) => age ?? 0,
  );
}
