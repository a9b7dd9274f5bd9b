import { causeWord } from '../../faults/words.ts';
import type { PaperBlock, PaperDocument, PaperSection } from '../../print/index.ts';
import { faultNumber } from '../../repair/numbers.ts';
import type { PaperData } from './read.ts';
import * as words from './words.ts';

/** A statement as paper: what is paid and why, line by line, with everything that it rests on. */
export function paperOf(data: PaperData, nowMs: number): PaperDocument {
  const { row, contract, document, rulesVersion, documentNumber } = data;
  const party = (role: 'agency' | 'contractor'): string =>
    contract[role]?.name ?? document.parties.find((each) => each.role === role)?.name.zh ?? '';
  return {
    title: '结算单',
    subtitle: `${contract.name} · ${row.title?.zh ?? row.instalment}`,
    number: words.statementNumber(row.id),
    language: 'zh',
    meta: [
      ['合同', `${contract.code} ${contract.name}`],
      ['结算周期', `${row.from_day} 至 ${words.lastDay(row.to_day)}`],
      ['采购人', party('agency')],
      ['运维单位', party('contractor')],
      ['合同文本', `第 ${documentNumber} 版`],
      ['计算规则', rulesVersion],
      ['状态', words.STATE_WORDS[row.state] ?? row.state],
    ],
    sections: [
      resultSection(data),
      ...lineSections(data),
      metricSection(data),
      ...disputeSections(data),
      signatureSection(data, party),
      stationAnnex(data),
      exclusionAnnex(data),
      faultAnnex(data),
    ],
    madeAt: words.instant(nowMs, contract.time_zone),
    footer: `${contract.code} ${words.statementNumber(row.id)}`,
    ...(row.state === 'draft' ? { watermark: '草稿' } : {}),
  };
}

const note = (text: string): PaperBlock => ({ kind: 'paragraph', style: 'note', text });

function resultSection({ statement }: PaperData): PaperSection {
  const table: PaperBlock = {
    kind: 'table',
    columns: [
      { label: '条款', width: 3 },
      { label: '出处', width: 2.4 },
      { label: '基数（元）', align: 'right', width: 2 },
      { label: '结果（元 / 分）', align: 'right', width: 2 },
    ],
    rows: statement.lines.map((line) => [
      line.title.zh,
      line.source,
      line.base_fen === null ? '' : words.yuan(line.base_fen),
      words.resultWords(line),
    ]),
    total: ['合计', '', '', words.yuan(statement.total_fen)],
  };
  const blocks: PaperBlock[] = [
    {
      kind: 'figures',
      items: [
        { label: '合计（元）', value: words.yuan(statement.total_fen) },
        ...(statement.delay_months > 0 ? [{ label: '延期支付（月）', value: String(statement.delay_months) }] : []),
      ],
    },
    { kind: 'paragraph', text: `大写：${statement.total_words}` },
    ...(statement.is_complete ? [] : [note('有条款缺少数据，合计不是应付金额。')]),
    ...(statement.may_end ? [note('已达到合同约定的解除条件。')] : []),
    table,
  ];
  return { heading: '一、结算结果', blocks };
}

function lineSections({ statement, document }: PaperData): PaperSection[] {
  return statement.lines.map((line, i) => {
    const readings = [...new Set(line.interpretations.map(({ text }) => `条款解释：${text.zh}`))];
    const lacks = line.lacks.map((lack) => words.lackWords(lack, document));
    const inputs = line.inputs.map((input) => words.inputWords(input, document));
    return {
      ...(i === 0 ? { heading: '二、逐条计算' } : {}),
      blocks: [
        { kind: 'paragraph', style: 'heading', text: `${i + 1}. ${line.title.zh}（${line.source}）` },
        ...(inputs.length === 0 ? [] : [{ kind: 'paragraph' as const, text: `输入：${inputs.join('；')}` }]),
        { kind: 'paragraph', text: [...line.steps.map(({ text }) => text.zh), ...lacks].join('\n') || '—' },
        ...readings.map(note),
        { kind: 'paragraph', text: `结果：${words.resultWords(line)}` },
      ],
    };
  });
}

function metricSection({ document, metrics }: PaperData): PaperSection {
  return {
    heading: '三、指标',
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: '指标', width: 2 },
          { label: '数值', width: 3 },
          { label: '来源', width: 1.2 },
          { label: '依据校验码', width: 2.4 },
        ],
        rows: metrics.map(({ metric: id, value, source, sha256 }) => {
          const metric = document.metrics.find((each) => each.id === id);
          return [
            metric?.name.zh ?? id,
            words.valueWords(value, metric),
            words.SOURCE_WORDS[source] ?? source,
            sha256?.slice(0, 16) ?? '',
          ];
        }),
        empty: '本期不涉及指标。',
      },
    ],
  };
}

function disputeSections({ disputes, statement }: PaperData): PaperSection[] {
  if (disputes.length === 0) return [];
  const state = { open: '未解决', withdrawn: '已撤回', upheld: '已认可' } as const;
  return [
    {
      heading: '四、异议',
      blocks: [
        {
          kind: 'table',
          columns: [
            { label: '条款', width: 2 },
            { label: '理由', width: 4 },
            { label: '提出方', width: 2 },
            { label: '结果', width: 1.2 },
          ],
          rows: disputes.map((each) => [
            statement.lines.find(({ clause }) => clause === each.clause)?.title.zh ?? each.clause,
            each.reason,
            each.opened_org.name,
            state[each.state],
          ]),
        },
      ],
    },
  ];
}

function signatureSection(
  { signatures, contract, freeze }: PaperData,
  party: (role: 'agency' | 'contractor') => string,
): PaperSection {
  const parties = (['agency', 'contractor'] as const).map((side) => {
    const signed = signatures.find((each) => each.side === side);
    const label = `${side === 'agency' ? '采购人' : '运维单位'}：${party(side)}`;
    if (signed === undefined) return { label };
    return {
      label,
      name: `${signed.name}（${signed.post}）`,
      date: words.instant(signed.signed_at, contract.time_zone),
    };
  });
  // In groups, so that it can be compared by eye and breaks where the line ends.
  const digest =
    freeze === null ? [] : [note(`签署内容的校验码（SHA-256）：${freeze.sha256.replace(/(.{8})(?=.)/g, '$1 ')}`)];
  return { heading: '签署', blocks: [...digest, { kind: 'signatures', parties }] };
}

function stationAnnex(data: PaperData): PaperSection {
  const { stations, regions } = data;
  return {
    heading: `附件一 点位比率（${stations.length} 个点位）`,
    isOnNewPage: true,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: '点位', width: 1.6 },
          { label: '机构', width: 2.3 },
          { label: '市县', width: 1.8 },
          { label: '设备 %', align: 'right' },
          { label: '设备停机', align: 'right', width: 1.5 },
          { label: '网络 %', align: 'right' },
          { label: '网络停机', align: 'right', width: 1.5 },
        ],
        rows: stations.map(({ place, sums }) => [
          place.code,
          place.site_name,
          place.path.map((id) => regions.get(id)).find((region) => region?.kind === 'county')?.name ?? '',
          words.stationRate(sums.equipment.tally, data),
          words.hours(words.stationDown(sums.equipment.tally, data)),
          words.stationRate(sums.network.tally, data),
          words.hours(words.stationDown(sums.network.tally, data)),
        ]),
        empty: '本期没有点位数据。',
      },
    ],
  };
}

function exclusionAnnex({ exclusions, contract }: PaperData): PaperSection {
  return {
    heading: '附件二 双方同意的排除时段',
    isOnNewPage: true,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: '事由', width: 1.2 },
          { label: '范围', width: 2 },
          { label: '维度' },
          { label: '起', width: 1.6 },
          { label: '止', width: 1.6 },
          { label: '说明', width: 3 },
          { label: '提出 / 同意', width: 2.4 },
        ],
        rows: exclusions.map((each) => [
          words.KIND_WORDS[each.kind] ?? each.kind,
          each.place,
          words.DIMENSION_WORDS[each.dimension] ?? each.dimension,
          words.instant(each.from_at, contract.time_zone),
          words.instant(each.to_at, contract.time_zone),
          each.reason,
          `${each.proposed_by} / ${each.decided_by}`,
        ]),
        empty: '本期没有排除时段。',
      },
    ],
  };
}

function faultAnnex({ faults, contract }: PaperData): PaperSection {
  return {
    heading: `附件三 故障（${faults.length} 起）`,
    blocks: [
      {
        kind: 'table',
        columns: [
          { label: '编号', width: 1.2 },
          { label: '点位 / 机构', width: 2.4 },
          { label: '原因', width: 1.4 },
          { label: '发生', width: 1.6 },
          { label: '恢复', width: 1.6 },
          { label: '判定' },
        ],
        rows: faults.map(({ fault, clocks, verdict }) => [
          faultNumber(fault.id),
          [fault.stationCode, fault.siteName].filter(Boolean).join(' '),
          causeWord(fault.cause, 'zh'),
          words.instant(clocks.openedAt, contract.time_zone),
          clocks.endedAt === null ? '' : words.instant(clocks.endedAt, contract.time_zone),
          words.VERDICT_WORDS[verdict] ?? verdict,
        ]),
        empty: '本期没有故障。',
      },
    ],
  };
}
