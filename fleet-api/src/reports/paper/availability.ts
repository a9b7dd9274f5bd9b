import type { PaperBlock, PaperCell } from '../../print/document.ts';
import type { AvailabilityPart, ReportFigures, StationLine } from '../figures/types.ts';
import { type Format, hours } from './format.ts';

const DIMENSIONS = ['network', 'equipment'] as const;

/** Both rates, the five numbers, day by day, by area, the worst. */
export function availabilityBlocks({ availability, kind }: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  if (availability.stations === 0) return [{ kind: 'paragraph', text: words.none_of.availability }];
  return [
    fiveNumbers(availability, format),
    ...(kind === 'day' ? [] : [trendChart(availability, format), daysTable(availability, format)]),
    areasTable(availability, format),
    worstTable(availability, format),
    { kind: 'paragraph', style: 'note', text: words.sentence.truncated },
  ];
}

function fiveNumbers({ total }: AvailabilityPart, { words, shown }: Format): PaperBlock {
  const { col, captions, dimension } = words;
  return {
    kind: 'table',
    caption: captions.five,
    columns: [
      { label: col.dimension },
      ...[col.required, col.up, col.downtime, col.unknown, col.platform, col.excluded, col.rate, col.target].map(
        (label) => ({
          label,
          align: 'right' as const,
        }),
      ),
    ],
    rows: DIMENSIONS.map((each) => {
      const { required_ms, up_ms, down_ms, unknown_ms, platform_ms, excluded_ms, percent, target_percent } =
        total[each];
      const times = [required_ms, up_ms, down_ms, unknown_ms, platform_ms, excluded_ms].map(hours);
      return [dimension[each] ?? each, ...times, shown(percent), target_percent ?? words.none];
    }),
  };
}

/** Days without a figure, or not yet computed to their end, are gaps. */
function trendChart({ days, total }: AvailabilityPart, { words }: Format): PaperBlock {
  const rates = DIMENSIONS.map((each) => days.map((day) => (day.final ? numberOf(day[each].percent) : null)));
  const targets = DIMENSIONS.flatMap((each) => {
    const percent = total[each].target_percent;
    return percent === null ? [] : [percent];
  });
  return {
    kind: 'chart',
    type: 'line',
    title: words.captions.trend,
    unit: '%',
    max: 100,
    labels: days.map(({ day }) => day.slice(5)),
    series: [
      { name: words.network, values: rates[0] ?? [] },
      { name: words.equipment, values: rates[1] ?? [] },
    ],
    thresholds: [...new Set(targets)].map((percent) => ({ value: Number(percent), label: words.target(percent) })),
  };
}

function daysTable({ days }: AvailabilityPart, { words, shown }: Format): PaperBlock {
  const { col } = words;
  return {
    kind: 'table',
    columns: [
      { label: col.day },
      { label: col.network, align: 'right' },
      { label: col.netDown, align: 'right' },
      { label: col.equipment, align: 'right' },
      { label: col.eqDown, align: 'right' },
    ],
    rows: days.map(({ day, network, equipment }) => [
      day,
      shown(network.percent),
      hours(network.counted_down_ms),
      shown(equipment.percent),
      hours(equipment.counted_down_ms),
    ]),
    empty: words.none_of.days,
  };
}

function areasTable({ areas, total, stations }: AvailabilityPart, { words, shown }: Format): PaperBlock {
  const { col } = words;
  const cells = (name: string, count: number, { network, equipment }: AvailabilityPart['total']): PaperCell[] => [
    name,
    count,
    shown(network.percent),
    hours(network.counted_down_ms),
    shown(equipment.percent),
    hours(equipment.counted_down_ms),
  ];
  return {
    kind: 'table',
    caption: words.captions.areas,
    columns: [
      { label: col.area, width: 2 },
      ...[col.stations, col.network, col.netDown, col.equipment, col.eqDown].map((label) => ({
        label,
        align: 'right' as const,
      })),
    ],
    rows: areas.map((area) => cells(area.name, area.stations, area)),
    total: cells(col.total, stations, total),
  };
}

function worstTable({ worst }: AvailabilityPart, format: Format): PaperBlock {
  return {
    kind: 'table',
    caption: format.words.captions.worst,
    columns: stationColumns(format),
    rows: worst.map((line) => stationCells(line, format)),
    empty: format.words.none_of.worst,
  };
}

/** Every station, with what its rates were. */
export function stationsTable({ all }: AvailabilityPart, format: Format): PaperBlock {
  return { kind: 'table', columns: stationColumns(format), rows: all.map((line) => stationCells(line, format)) };
}

function stationColumns({ words: { col } }: Format) {
  return [
    { label: col.county, width: 1.1 },
    { label: col.site, width: 2.2 },
    { label: col.station, width: 2 },
    { label: col.code, width: 1.5 },
    ...[col.network, col.netDown, col.equipment, col.eqDown].map((label) => ({
      label,
      align: 'right' as const,
      width: 1.1,
    })),
  ];
}

function stationCells({ county, site, name, code, network, equipment }: StationLine, { shown }: Format): PaperCell[] {
  return [
    county,
    site,
    name,
    code,
    shown(network.percent),
    hours(network.counted_down_ms),
    shown(equipment.percent),
    hours(equipment.counted_down_ms),
  ];
}

function numberOf(percent: string | null): number | null {
  return percent === null ? null : Number(percent);
}
