import { severityTitles } from '@uptally/sla';
import { causeWord } from '../../faults/words.ts';
import type { Sheet } from '../../print/index.ts';
import { faultNumber } from '../../repair/numbers.ts';
import type { PaperData } from './read.ts';
import * as words from './words.ts';

const HOUR_MS = 3_600_000;

/** A statement as a workbook: lines, metrics and the annexes. Amounts are numbers in yuan, percentages text as they are shown. */
export function sheetsOf(data: PaperData): Sheet[] {
  return [lines(data), metrics(data), stations(data), exclusions(data), faults(data)];
}

function lines({ row, contract, document, statement, freeze, documentNumber, rulesVersion }: PaperData): Sheet {
  return {
    name: '结算单',
    head: [
      ['结算单', words.statementNumber(row.id)],
      ['合同', `${contract.code} ${contract.name}`],
      ['周期', `${row.from_day} 至 ${words.lastDay(row.to_day)}`],
      ['合同文本', `第 ${documentNumber} 版`],
      ['计算规则', rulesVersion],
      ['状态', words.STATE_WORDS[row.state] ?? row.state],
      ['大写', statement.total_words],
      ...(freeze === null ? [] : [['SHA-256', freeze.sha256] as const]),
    ],
    columns: ['条款', '出处', '输入', '算式', '解释', '基数（元）', '金额（元）', '得分'],
    widths: [24, 24, 40, 60, 40, 16, 16, 10],
    rows: [
      ...statement.lines.map((line) => [
        line.title.zh,
        line.source,
        line.inputs.map((input) => words.inputWords(input, document)).join('；'),
        [...line.steps.map(({ text }) => text.zh), ...line.lacks.map((lack) => words.lackWords(lack, document))].join(
          '\n',
        ),
        [...new Set(line.interpretations.map(({ text }) => text.zh))].join('\n'),
        line.base_fen === null ? null : line.base_fen / 100,
        line.state === 'missing' ? null : line.amount_fen / 100,
        line.points === null ? null : words.resultWords(line),
      ]),
      ['合计', '', '', '', '', null, statement.total_fen / 100, null],
    ],
  };
}

function metrics({ document, metrics: found }: PaperData): Sheet {
  return {
    name: '指标',
    columns: ['指标', '数值', '来源', '依据 SHA-256'],
    widths: [24, 48, 14, 68],
    rows: found.map(({ metric: id, value, source, sha256 }) => {
      const metric = document.metrics.find((each) => each.id === id);
      return [metric?.name.zh ?? id, words.valueWords(value, metric), words.SOURCE_WORDS[source] ?? source, sha256];
    }),
  };
}

function stations(data: PaperData): Sheet {
  const county = (path: readonly number[]): string =>
    path.map((id) => data.regions.get(id)).find((region) => region?.kind === 'county')?.name ?? '';
  return {
    name: '点位',
    columns: ['点位', '名称', '机构', '市县', '应计（时）', '设备 %', '设备停机（时）', '网络 %', '网络停机（时）'],
    rows: data.stations.map(({ place, sums }) => [
      place.code,
      place.name,
      place.site_name,
      county(place.path),
      sums.network.tally.required / HOUR_MS,
      words.stationRate(sums.equipment.tally, data),
      words.stationDown(sums.equipment.tally, data) / HOUR_MS,
      words.stationRate(sums.network.tally, data),
      words.stationDown(sums.network.tally, data) / HOUR_MS,
    ]),
  };
}

function exclusions({ exclusions: all, contract }: PaperData): Sheet {
  return {
    name: '排除时段',
    columns: ['事由', '范围', '维度', '起', '止', '说明', '提出', '同意'],
    rows: all.map((each) => [
      words.KIND_WORDS[each.kind] ?? each.kind,
      each.place,
      words.DIMENSION_WORDS[each.dimension] ?? each.dimension,
      words.instant(each.from_at, contract.time_zone),
      words.instant(each.to_at, contract.time_zone),
      each.reason,
      each.proposed_by,
      each.decided_by,
    ]),
  };
}

function faults({ faults: all, contract, document }: PaperData): Sheet {
  const titles = severityTitles(document);
  return {
    name: '故障',
    columns: ['编号', '点位', '机构', '原因', '严重程度', '发生', '恢复', '判定'],
    rows: all.map(({ fault, clocks, verdict }) => [
      faultNumber(fault.id),
      fault.stationCode,
      fault.siteName,
      causeWord(fault.cause, 'zh'),
      titles.get(clocks.severity)?.zh ?? words.SEVERITY_WORDS[clocks.severity] ?? clocks.severity,
      words.instant(clocks.openedAt, contract.time_zone),
      clocks.endedAt === null ? null : words.instant(clocks.endedAt, contract.time_zone),
      words.VERDICT_WORDS[verdict] ?? verdict,
    ]),
  };
}
