import type { Sheet, SheetCell } from '../../print/workbook.ts';
import type { ReportFigures, StationLine } from '../figures/types.ts';
import { periodName, reportNumber } from '../kinds.ts';
import { faultCells, faultColumns } from './faults.ts';
import { type Format, formatFor } from './format.ts';
import type { ReportCover } from './report.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';
import { analysisCells, exclusionCells } from './work.ts';

type Pair = Pick<StationLine, 'network' | 'equipment'>;

/** A report as a workbook: the same figures, one sheet a subject. Rates are text as they are shown. */
export function sheetsOf(cover: ReportCover, figures: ReportFigures): Sheet[] {
  const words: ReportWords = REPORT_WORDS[cover.language];
  const format = formatFor(figures, cover.language);
  const { availability, faults, exclusions, analyses, stock } = figures;
  const { col, sheets } = words;
  const head = headOf(cover, figures, format);
  const rates = rateColumns(words);
  return [
    summarySheet(head, figures, format),
    {
      name: sheets.days,
      head,
      columns: [col.day, ...rates],
      rows: availability.days.map((day) => [day.day, ...rateCells(day)]),
    },
    {
      name: sheets.areas,
      head,
      columns: [col.area, col.stations, ...rates],
      rows: [
        ...availability.areas.map((area) => [area.name, area.stations, ...rateCells(area)]),
        [col.total, availability.stations, ...rateCells(availability.total)],
      ],
    },
    {
      name: sheets.faults,
      head,
      columns: [...faultColumns(format).map(({ label }) => label), col.order],
      rows: faults.lines.map((line) => [...faultCells(line, format), line.order]),
      widths: [12, 14, 28, 24, 10, 18, 18, 16, 10, 12],
    },
    {
      name: sheets.stations,
      head,
      columns: [col.county, col.site, col.station, col.code, ...rates],
      rows: (availability.all.length > 0 ? availability.all : availability.worst).map((line) => [
        line.county,
        line.site,
        line.name,
        line.code,
        ...rateCells(line),
      ]),
      widths: [14, 28, 28, 20],
    },
    {
      name: sheets.exclusions,
      head,
      columns: [col.target_, col.kind, col.dimension, col.from, col.to, col.reason],
      rows: exclusions.map((line) => exclusionCells(line, format)),
      widths: [28, 14, 14, 18, 18, 40],
    },
    {
      name: sheets.stock,
      head,
      columns: [col.store, col.model, col.inStock, col.inRepair, col.minimum],
      rows: stock.stores.map(({ store, model, inStock, inRepair, minimum }) => [
        store,
        model,
        inStock,
        inRepair,
        minimum,
      ]),
    },
    {
      name: sheets.analyses,
      head,
      columns: [col.order, col.station, col.cause, col.analysis, col.advice, col.warranty, col.cost],
      rows: analyses.map((line) => analysisCells(line, format)),
      widths: [12, 28, 20, 50, 50, 10, 12],
    },
  ];
}

function headOf(
  cover: ReportCover,
  { kind, fromDay, toDay, contract, region, madeAtMs }: ReportFigures,
  { words, instant }: Format,
): [string, string][] {
  const { meta } = words;
  return [
    [words.title[kind], cover.isDraft ? words.draft : ''],
    [words.number, `${reportNumber(cover.id)} ${words.edition(cover.edition)}`],
    [meta.contract, `${contract.name}（${contract.code}）`],
    [meta.period, periodName(kind, fromDay, toDay, cover.language)],
    [meta.scope, region?.name ?? meta.whole],
    [meta.asOf, instant(madeAtMs)],
  ];
}

function summarySheet(head: Sheet['head'], figures: ReportFigures, { words, percent, shown }: Format): Sheet {
  const { availability, faults, inspections, duties, network, sim } = figures;
  const { onTime, late, pending } = faults.timeliness;
  const rows: SheetCell[][] = [
    [words.network, shown(availability.total.network.percent)],
    [words.equipment, shown(availability.total.equipment.percent)],
    [words.col.stations, availability.stations],
    [words.faultsTotal, faults.total],
    [words.timeliness, percent(faults.timeliness.rate)],
    [words.col.onTime, onTime],
    [words.col.late, late],
    [words.col.pending, pending],
    [words.inspectionRate, percent(inspections.figures.rate)],
    ...(duties === null
      ? []
      : [
          [words.documentRate, percent(duties.documents.rate)],
          [words.facts.serious, duties.complaints.serious],
          [words.facts.ordinary, duties.complaints.ordinary],
        ]),
    [`${words.quality.latency} (ms)`, network.latencyMs === null ? null : Math.ceil(network.latencyMs * 10) / 10],
    [`${words.facts.used} (B)`, sim.bytes],
    [words.facts.spans, figures.outages.length],
  ];
  return {
    name: words.sheets.summary,
    ...(head !== undefined && { head }),
    columns: [words.col.item, words.col.result],
    rows,
    widths: [28, 28],
  };
}

function rateColumns({ col, networkShort, equipmentShort }: ReportWords): string[] {
  return [networkShort, equipmentShort].flatMap((name) =>
    [col.rate, col.required, col.up, col.downtime, col.unknown, col.platform, col.excluded].map((label, i) =>
      i === 0 ? `${name} ${label}` : `${name} ${label}(ms)`,
    ),
  );
}

function rateCells({ network, equipment }: Pair): SheetCell[] {
  return [network, equipment].flatMap((each) => [
    each.percent,
    each.required_ms,
    each.up_ms,
    each.down_ms,
    each.unknown_ms,
    each.platform_ms,
    each.excluded_ms,
  ]);
}
