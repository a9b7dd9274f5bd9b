import { cellOf, type Language } from '../../registry/shared/csv.ts';
import { type Asked, type Found, find } from '../figures/asked.ts';
import { figuresOf } from '../figures/figure.ts';
import { pageOfFigures } from '../figures/order.ts';
import { nameOnPath, rankOf } from '../figures/regions.ts';
import type { ExportQuery, Figure, Pair } from '../figures/schemas.ts';
import { type ChildFigures, childFigures, totalOf } from '../figures/service.ts';
import type { StationPlace } from '../figures/stations-sql.ts';
import { WORDS } from './words.ts';

/** A number stays one; percentages are text as they are shown, so that no program rounds 94.9996 up to a target of 95. */
export type Cell = string | number | null;

export interface Table {
  /** Without suffix; ASCII. */
  readonly fileName: string;
  readonly sheet: string;
  /** What the table is of: name and value each. */
  readonly head: readonly (readonly [string, string])[];
  readonly columns: readonly string[];
  /** Parts first, the total last. */
  readonly rows: readonly (readonly Cell[])[];
}

/** The figures of a place as a table: its children, or every station in it. @throws ApiError as {@link find} */
export async function tableOf(asked: Asked, query: ExportQuery, language: Language): Promise<Table> {
  const { stations = false, ...place } = query;
  const found = await find(asked, place);
  const words = WORDS[language];
  const entries = stations ? everyStation(found) : childFigures(found);
  const sorted = pageOfFigures(entries, { sort: 'name', limit: entries.length + 1 }).items;
  const { kind: _kind, ...rest } = words.columns;
  const { county, township, site, code, name, stations: count, ...numbers } = rest;
  const columns = (['network', 'equipment'] as const).flatMap((dimension) =>
    Object.values(numbers).map((label) => `${words.dimensions[dimension]} ${label}`),
  );
  const total = [null, null, null, null, null, words.total, found.stations.length];
  return {
    fileName: `availability-${found.contract.code.replace(/[^\w.-]/g, '_')}-${found.period.name.replace('/', '_')}`,
    sheet: words.sheet,
    head: headOf(found, language),
    columns: [words.columns.kind, county, township, site, code, name, count, ...columns],
    rows: [
      ...sorted.map((entry) => rowOf(found, entry, language)),
      [...total, ...cellsOf(totalOf(found).pair, language)],
    ],
  };
}

/** The table as rows of text: header, then what it is of in front of each number. Formulas are disarmed. */
export async function* csvRows(table: Table): AsyncGenerator<string[]> {
  const where = table.head.map(([, value]) => cellOf(value));
  yield [...table.head.map(([label]) => label), ...table.columns];
  for (const row of table.rows) yield [...where, ...row.map(cellOf)];
}

function headOf({ contract, periodRef, place }: Found, language: Language): [string, string][] {
  const { head, yes, no, total } = WORDS[language];
  const asOf = periodRef.as_of;
  return [
    [head.contract, contract.name],
    [head.period, periodRef.name],
    [head.zone, contract.time_zone],
    [head.scope, place.kind === 'all' ? total : place.name],
    [head.asOf, asOf === null ? '' : localTime(new Date(asOf), contract.time_zone)],
    [head.missing, String(periodRef.days_missing)],
    [head.closed, periodRef.closed ? yes : no],
  ];
}

/** To the second, in the zone that stands beside it. */
function localTime(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

function everyStation({ stations, contract, regions }: Found): ChildFigures[] {
  return stations.map(({ station, sums }) => ({
    kind: 'station' as const,
    id: station.id,
    name: station.name,
    code: station.code,
    rank: `${rankOf(regions, station.path)}/${station.site_name}/${station.name}`,
    stations: [station],
    figures: figuresOf([sums], contract.rules),
  }));
}

function rowOf(found: Found, { kind, name, code, stations, figures }: ChildFigures, language: Language): Cell[] {
  const [first] = stations;
  const path = first === undefined ? [] : pathOf(found, kind, first);
  const site = kind === 'region' || first === undefined ? null : first.site_name;
  return [
    WORDS[language].kinds[kind],
    nameOnPath(found.regions, path, 'county'),
    nameOnPath(found.regions, path, 'township'),
    site,
    code,
    name,
    stations.length,
    ...cellsOf(figures.pair, language),
  ];
}

/** Regions that all of the entry lies in: of a region those down to itself. */
function pathOf({ place }: Found, kind: ChildFigures['kind'], { path }: StationPlace): readonly number[] {
  if (kind !== 'region') return path;
  return path.slice(0, place.id === null ? 1 : path.indexOf(place.id) + 2);
}

function cellsOf({ network, equipment }: Pair, language: Language): Cell[] {
  return [...figureCells(network, language), ...figureCells(equipment, language)];
}

function figureCells(figure: Figure, language: Language): Cell[] {
  const { yes, no } = WORDS[language];
  return [
    figure.required_ms,
    figure.up_ms,
    figure.down_ms,
    figure.unknown_ms,
    figure.platform_ms,
    figure.excluded_ms,
    figure.rate?.num ?? null,
    figure.rate?.den ?? null,
    figure.percent,
    figure.target_percent,
    figure.reaches_target === null ? null : figure.reaches_target ? yes : no,
    figure.daily?.intact ?? null,
    figure.daily?.counted ?? null,
    figure.daily?.percent ?? null,
    figure.mean_percent,
  ];
}
