import { type Fraction, showPercent } from '@uptally/sla';
import type { PaperBlock, TableColumn } from '../../print/document.ts';
import type { AnalysisLine, DutyPart, ExclusionLine, ReportFigures, StockPart } from '../figures/types.ts';
import { type Format, yuan } from './format.ts';
import { wordFor } from './words.ts';

const right = (label: string): TableColumn => ({ label, align: 'right' });

export function inspectionBlocks({ inspections }: ReportFigures, { words, percent }: Format): PaperBlock[] {
  const { col } = words;
  const { figures, byCounty } = inspections;
  if (byCounty.length === 0) return [{ kind: 'paragraph', text: words.none_of.inspections }];
  const cells = (name: string, { inTime, later, missed, pending, rate }: typeof figures) => [
    name,
    inTime,
    later,
    missed,
    pending,
    percent(rate),
  ];
  return [
    {
      kind: 'table',
      caption: words.captions.inspections,
      columns: [
        { label: col.county, width: 2 },
        ...[col.done, col.doneLate, col.undone, col.pending, words.inspectionRate].map(right),
      ],
      rows: byCounty.map(({ county, ...each }) => cells(county ?? words.none, each)),
      total: cells(col.total, figures),
    },
  ];
}

export function dutyBlocks({ duties }: ReportFigures, format: Format): PaperBlock[] {
  const { words, percent, instant } = format;
  if (duties === null) return [{ kind: 'paragraph', text: words.sentence.countyOnly }];
  const { documents, complaints, ledger } = duties;
  const { facts, col } = words;
  const due = documents.onTime + documents.late + documents.missing + documents.pending;
  return [
    ...(due === 0 ? [{ kind: 'paragraph', text: words.none_of.documents } as const] : []),
    {
      kind: 'facts',
      items: [
        [words.documentRate, percent(documents.rate)],
        [
          `${facts.onTime} / ${facts.late} / ${facts.missing} / ${facts.pending}`,
          [documents.onTime, documents.late, documents.missing, documents.pending].join(' / '),
        ],
        [facts.serious, String(complaints.serious)],
        [facts.ordinary, String(complaints.ordinary)],
        [facts.resolved, String(complaints.resolved)],
        [facts.openComplaints, String(complaints.open + complaints.disputed)],
        [facts.ledger, String(ledger.total)],
        [
          `${facts.confirmed} / ${facts.unconfirmed} / ${facts.disputed}`,
          [ledger.confirmed, ledger.unconfirmed, ledger.disputed].join(' / '),
        ],
      ],
    },
    {
      kind: 'table',
      caption: words.captions.late,
      columns: [
        { label: col.document, width: 3 },
        { label: col.due, width: 1.5 },
        { label: col.submitted, width: 1.5 },
      ],
      rows: duties.late.map(({ name, dueAt, doneAt }) => [name, instant(dueAt), instant(doneAt)]),
      empty: words.none_of.late,
    },
    ratingsTable(duties, format),
  ];
}

function ratingsTable({ ratings }: DutyPart, { words }: Format): PaperBlock {
  return {
    kind: 'table',
    caption: words.captions.ratings,
    columns: [{ label: words.col.month }, right(words.col.score)],
    rows: ratings.map(({ month, score }) => [month, scoreOf(score)]),
    empty: words.none_of.ratings,
  };
}

/** Points out of 100, truncated: a percentage of a hundredth of it. */
function scoreOf({ num, den }: Fraction): string {
  return showPercent({ num: BigInt(num), den: BigInt(den) * 100n });
}

export function stockBlocks({ stock }: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  const { col, captions, none_of: none, facts } = words;
  const { repairs, movements, partsUsed } = stock;
  const isIdle = repairs.sent + repairs.returned + repairs.atCentre === 0;
  return [
    storesTable(stock, format),
    ...(stock.stores.length === 0
      ? []
      : [{ kind: 'paragraph', style: 'note', text: words.sentence.stockNow } as const]),
    {
      kind: 'table',
      caption: captions.movements,
      columns: [{ label: col.kind, width: 2 }, right(col.count)],
      rows: Object.entries(movements).map(([kind, count]) => [wordFor(words.movement, kind), count]),
      empty: none.movements,
    },
    {
      kind: 'table',
      caption: captions.parts,
      columns: [{ label: col.part, width: 2 }, right(col.count)],
      rows: partsUsed.map(({ name, quantity }) => [name, quantity]),
      empty: none.parts,
    },
    { kind: 'paragraph', style: 'heading', text: captions.repairs },
    isIdle
      ? { kind: 'paragraph', text: none.repairs }
      : {
          kind: 'facts',
          items: [
            [facts.sent, String(repairs.sent)],
            [facts.returned, String(repairs.returned)],
            [facts.atCentre, String(repairs.atCentre)],
            [facts.repairCost, yuan(repairs.repairFen)],
            [facts.logisticsCost, yuan(repairs.logisticsFen)],
          ],
        },
  ];
}

function storesTable({ stores }: StockPart, { words }: Format): PaperBlock {
  const { col } = words;
  return {
    kind: 'table',
    caption: words.captions.stores,
    columns: [
      { label: col.store, width: 2 },
      { label: col.model, width: 2 },
      right(col.inStock),
      right(col.inRepair),
      right(col.minimum),
    ],
    rows: stores.map(({ store, model, inStock, inRepair, minimum }) => [store, model, inStock, inRepair, minimum]),
    empty: words.none_of.stores,
  };
}

export function exclusionBlocks({ exclusions }: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  const { col } = words;
  return [
    {
      kind: 'table',
      columns: [
        { label: col.target_, width: 2 },
        { label: col.kind, width: 1.2 },
        { label: col.dimension, width: 1.2 },
        { label: col.from, width: 1.5 },
        { label: col.to, width: 1.5 },
        { label: col.reason, width: 2.5 },
      ],
      rows: exclusions.map((line) => exclusionCells(line, format)),
      empty: words.none_of.exclusions,
    },
  ];
}

export function exclusionCells(
  { target, kind, dimension, from, to, reason }: ExclusionLine,
  { words, instant }: Format,
) {
  return [
    target,
    wordFor(words.exclusion, kind),
    wordFor(words.dimension, dimension),
    instant(from),
    instant(to),
    reason,
  ];
}

export function outageBlocks({ outages }: ReportFigures, { words, instant, duration }: Format): PaperBlock[] {
  const { col } = words;
  const all = outages.reduce((sum, { from, to }) => sum + to - from, 0);
  return [
    {
      kind: 'table',
      columns: [{ label: col.from }, { label: col.to }, right(col.took)],
      rows: outages.slice(0, 100).map(({ from, to }) => [instant(from), instant(to), duration(to - from)]),
      ...(outages.length > 0 && {
        total: [`${words.facts.spans} ${outages.length}`, words.facts.spansTime, duration(all)],
      }),
      empty: words.none_of.outages,
    },
  ];
}

export function analysisBlocks({ analyses }: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  const { col } = words;
  return [
    {
      kind: 'table',
      columns: [
        { label: col.order, width: 1 },
        { label: col.station, width: 1.5 },
        { label: col.cause, width: 1.2 },
        { label: col.analysis, width: 3 },
        { label: col.advice, width: 3 },
        { label: col.warranty, width: 0.7 },
        { label: col.cost, align: 'right', width: 0.9 },
      ],
      rows: analyses.map((line) => analysisCells(line, format)),
      empty: words.none_of.analyses,
    },
  ];
}

export function analysisCells(line: AnalysisLine, { words }: Format) {
  const { order, place, cause, causeKind, analysis, advice, warranty, costFen } = line;
  const told = wordFor(words.cause, cause) + (causeKind === null ? '' : `（${wordFor(words.cause, causeKind)}）`);
  return [
    order,
    place,
    told,
    analysis,
    advice,
    warranty === null ? words.none : wordFor(words.warranty, warranty),
    yuan(costFen),
  ];
}
