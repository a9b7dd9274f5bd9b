import type { Fraction } from '@uptally/sla';
import type { FiguresBlock, PaperBlock, PaperDocument, PaperSection } from '../../print/document.ts';
import type { ReportFigures } from '../figures/types.ts';
import { periodName, reportNumber } from '../kinds.ts';
import { availabilityBlocks, stationsTable } from './availability.ts';
import { faultBlocks } from './faults.ts';
import { type Format, formatFor } from './format.ts';
import { networkBlocks, simBlocks } from './network.ts';
import { REPORT_WORDS, type ReportWords } from './words.ts';
import { analysisBlocks, dutyBlocks, exclusionBlocks, inspectionBlocks, outageBlocks, stockBlocks } from './work.ts';

/** What a report says beside its figures. */
export interface ReportCover {
  readonly id: number;
  readonly edition: number;
  readonly language: 'zh' | 'en';
  readonly isDraft: boolean;
  readonly advice: string;
}

/** A report as paper. Sections without data say so; figures are shown as the API shows them. */
export function paperOf(cover: ReportCover, figures: ReportFigures): PaperDocument {
  const words: ReportWords = REPORT_WORDS[cover.language];
  const format = formatFor(figures, cover.language);
  const { kind, fromDay, toDay, contract, region } = figures;
  return {
    title: words.title[kind],
    subtitle: `${contract.name}${region === null ? '' : ` · ${region.name}`}  ${periodName(kind, fromDay, toDay, cover.language)}`,
    number: reportNumber(cover.id),
    language: cover.language,
    meta: metaOf(cover, figures, format),
    madeAt: `${format.instant(figures.madeAtMs)} (${contract.timeZone})`,
    footer: contract.name,
    ...(cover.isDraft && { watermark: words.draft }),
    sections: numbered(sectionsOf(cover, figures, format), words),
  };
}

function metaOf(
  { edition, language }: ReportCover,
  figures: ReportFigures,
  { words, instant }: Format,
): [string, string][] {
  const { kind, fromDay, toDay, contract, region, availability } = figures;
  const { meta } = words;
  return [
    [meta.edition, words.edition(edition)],
    [meta.contract, `${contract.name}（${contract.code}）`],
    [meta.period, periodName(kind, fromDay, toDay, language)],
    [meta.scope, region?.name ?? meta.whole],
    [meta.agency, contract.agency ?? words.none],
    [meta.contractor, contract.contractor ?? words.none],
    [meta.asOf, instant(availability.period.asOfMs)],
    [meta.state, availability.period.closed ? meta.closed : meta.open],
  ];
}

function sectionsOf({ advice }: ReportCover, figures: ReportFigures, format: Format): PaperSection[] {
  const { words } = format;
  const { sections } = words;
  const section = (heading: string, blocks: readonly PaperBlock[]): PaperSection => ({ heading, blocks });
  return [
    section(sections.summary, summaryBlocks(figures, format)),
    section(sections.availability, availabilityBlocks(figures, format)),
    section(sections.faults, faultBlocks(figures, format)),
    section(sections.inspections, inspectionBlocks(figures, format)),
    section(sections.duties, dutyBlocks(figures, format)),
    section(sections.stock, stockBlocks(figures, format)),
    section(sections.network, networkBlocks(figures, format)),
    section(sections.sim, simBlocks(figures, format)),
    section(sections.exclusions, exclusionBlocks(figures, format)),
    section(sections.outages, outageBlocks(figures, format)),
    section(sections.analyses, analysisBlocks(figures, format)),
    section(sections.advice, [{ kind: 'paragraph', text: advice === '' ? words.sentence.adviceMissing : advice }]),
    section(sections.signatures, [signatures(figures, format)]),
    ...(figures.availability.all.length === 0
      ? []
      : [{ ...section(sections.stations, [stationsTable(figures.availability, format)]), isOnNewPage: true }]),
  ];
}

function numbered(sections: readonly PaperSection[], words: ReportWords): PaperSection[] {
  return sections.map((section, i) => ({
    ...section,
    heading: words.heading(words.ordinal(i), section.heading ?? ''),
  }));
}

function signatures({ contract }: ReportFigures, { words }: Format): PaperBlock {
  const place = (label: string, name: string | null) => ({ label: name === null ? label : `${label}：${name}` });
  return {
    kind: 'signatures',
    parties: [place(words.signatures.contractor, contract.contractor), place(words.signatures.agency, contract.agency)],
  };
}

function summaryBlocks(figures: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  const { availability, faults } = figures;
  const missing = availability.period.days_missing;
  return [
    headlineBlock(figures, format),
    {
      kind: 'paragraph',
      text: [
        words.sentence.stations(availability.stations),
        missing > 0 ? words.sentence.missing(missing) : availability.stations > 0 ? words.sentence.final : '',
        words.sentence.openAtEnd(faults.openAtEnd),
      ].join(''),
    },
  ];
}

function headlineBlock(figures: ReportFigures, { words, percent }: Format): FiguresBlock {
  const { availability, faults, inspections, duties } = figures;
  const rate = (
    label: string,
    { percent: shown, target_percent, reaches_target }: typeof availability.total.network,
  ) => ({
    label,
    value: shown === null ? words.none : `${shown}%`,
    note:
      target_percent === null
        ? words.noTarget
        : `${words.target(target_percent)}${reaches_target === null ? '' : ` · ${reaches_target ? words.reached : words.missed}`}`,
  });
  const share = (label: string, value: Fraction | null, good: number, all: number) => ({
    label,
    value: percent(value),
    note: words.onTimeOf(good, all),
  });
  const { onTime, late } = faults.timeliness;
  const done = inspections.figures.inTime + inspections.figures.later;
  return {
    kind: 'figures',
    items: [
      rate(words.network, availability.total.network),
      rate(words.equipment, availability.total.equipment),
      share(words.timeliness, faults.timeliness.rate, onTime, onTime + late),
      share(words.inspectionRate, inspections.figures.rate, done, done + inspections.figures.missed),
      ...(duties === null
        ? []
        : [
            share(
              words.documentRate,
              duties.documents.rate,
              duties.documents.onTime,
              duties.documents.onTime + duties.documents.late + duties.documents.missing,
            ),
          ]),
    ],
  };
}
