import type { PaperBlock, PaperCell, TableColumn } from '../../print/document.ts';
import { type FaultGroup, type FaultLine, type FaultPart, MAX_LINES, type ReportFigures } from '../figures/types.ts';
import type { Format } from './format.ts';
import { wordFor } from './words.ts';

/** How repair went: the rate of the contract, the clocks, by what, where and how grave, and each fault. */
export function faultBlocks({ faults, region, kind }: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  const open: PaperBlock = { kind: 'paragraph', text: words.sentence.openAtEnd(faults.openAtEnd) };
  if (faults.lines.length === 0) return [{ kind: 'paragraph', text: words.none_of.faults }, open];
  const cause = (key: string): string => wordFor(words.cause, key);
  const severity = (key: string): string => wordFor(words.severity, key);
  const county = (key: string): string => (key === '' ? words.none : key);
  const { captions, col } = words;
  return [
    { kind: 'paragraph', text: sentences(faults, format).join(words.comma) },
    stagesTable(faults, format),
    groupTable(captions.byCause, col.cause, faults.byCause, cause, format),
    groupTable(captions.bySeverity, col.severity, faults.bySeverity, severity, format),
    ...(region === null ? [groupTable(captions.byCounty, col.county, faults.byCounty, county, format)] : []),
    ...(region === null && kind !== 'day' && faults.byCounty.length > 1 ? [countyChart(faults, format, county)] : []),
    listTable(faults, format),
    ...(faults.total > MAX_LINES
      ? [{ kind: 'paragraph', style: 'note', text: words.sentence.listCut(MAX_LINES) } as const]
      : []),
  ];
}

function sentences(
  { timeliness, openAtEnd, recurrences, meanRepairMs }: FaultPart,
  { words, percent, duration }: Format,
) {
  const { onTime, late, rate } = timeliness;
  return [
    `${words.timeliness} ${percent(rate)}（${words.onTimeOf(onTime, onTime + late)}）`,
    ...(meanRepairMs === null ? [] : [words.sentence.mean(duration(meanRepairMs))]),
    words.sentence.openAtEnd(openAtEnd),
    ...(recurrences === null ? [] : [words.sentence.recurrences(recurrences)]),
  ].map((sentence) => sentence.replace(/[。.]$/, ''));
}

const right = (label: string): TableColumn => ({ label, align: 'right' });

function stagesTable({ stages }: FaultPart, { words }: Format): PaperBlock {
  const { col, stage: names } = words;
  return {
    kind: 'table',
    caption: words.captions.stages,
    columns: [{ label: col.stage, width: 2 }, right(col.met), right(col.breached), right(col.running)],
    rows: stages.map(({ stage, met, breached, running }) => [wordFor(names, stage), met, breached, running]),
  };
}

function groupTable(
  caption: string,
  label: string,
  groups: readonly FaultGroup[],
  named: (key: string) => string,
  { words: { col } }: Format,
): PaperBlock {
  return {
    kind: 'table',
    caption,
    columns: [{ label, width: 2 }, right(col.total), right(col.onTime), right(col.late), right(col.pending)],
    rows: groups.map(({ key, total, onTime, late, pending }) => [named(key), total, onTime, late, pending]),
  };
}

const CHART_COUNTIES = 20;

function countyChart({ byCounty }: FaultPart, { words }: Format, named: (key: string) => string): PaperBlock {
  const shown = byCounty.slice(0, CHART_COUNTIES);
  return {
    kind: 'chart',
    type: 'bar',
    title: words.captions.byCountyChart,
    unit: words.col.count,
    labels: shown.map(({ key }) => named(key)),
    series: [{ name: words.faultsTotal, values: shown.map(({ total }) => total) }],
  };
}

function listTable({ lines }: FaultPart, format: Format): PaperBlock {
  return {
    kind: 'table',
    caption: format.words.captions.list,
    columns: faultColumns(format),
    rows: lines.map((line) => faultCells(line, format)),
  };
}

export function faultColumns({ words: { col } }: Format): TableColumn[] {
  return [
    { label: col.number, width: 1.2 },
    { label: col.county, width: 1.1 },
    { label: col.station, width: 2.2 },
    { label: col.cause, width: 1.7 },
    { label: col.severity, width: 0.8 },
    { label: col.opened, width: 1.6 },
    { label: col.ended, width: 1.6 },
    { label: col.took, width: 1.2 },
    { label: col.verdict, width: 0.9 },
  ];
}

export function faultCells(line: FaultLine, { words, instant, duration }: Format): PaperCell[] {
  const { number, county, site, station, cause, reason, severity, openedAt, endedAt, verdict } = line;
  const told = wordFor(words.cause, cause) + (reason === null ? '' : `（${wordFor(words.reason, reason)}）`);
  return [
    number,
    county,
    [...new Set([site, station ?? site])].join(' '),
    told,
    wordFor(words.severity, severity),
    instant(openedAt),
    instant(endedAt),
    endedAt === null ? words.none : duration(endedAt - openedAt),
    wordFor(words.verdict, verdict),
  ];
}
