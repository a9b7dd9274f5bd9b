import {
  addDays,
  type Contract,
  counted,
  formatFen,
  type LineInput,
  type Metric,
  type MetricValue,
  rateOf,
  type StatementLine,
  showPercent,
  type Tally,
} from '@uptally/sla';
import type { PaperData } from './read.ts';

/** Words of Chinese papers. Statements are printed in the language of the contracts. */
export const STATE_WORDS: Readonly<Record<string, string>> = {
  draft: '草稿',
  closed: '已关账',
  submitted: '已提交',
  disputed: '有异议',
  agreed: '双方已确认',
  signed: '已签署',
  archived: '已归档',
};
export const SOURCE_WORDS: Readonly<Record<string, string>> = {
  figures: '可用率数据',
  repair: '故障记录',
  inspections: '巡检记录',
  documents: '资料记录',
  complaints: '投诉记录',
  ratings: '考核评分表',
  agreed: '双方确认',
  none: '无',
};
export const KIND_WORDS: Readonly<Record<string, string>> = {
  planned_maintenance: '计划检修',
  site_power_cut: '站点停电',
  site_closed: '机构停业',
  force_majeure: '不可抗力',
  customer_request: '采购人要求',
};
export const DIMENSION_WORDS: Readonly<Record<string, string>> = {
  network: '网络',
  equipment: '设备',
  both: '设备和网络',
};
export const SEVERITY_WORDS: Readonly<Record<string, string>> = { ordinary: '一般', major: '重大' };
export const VERDICT_WORDS: Readonly<Record<string, string>> = {
  on_time: '按时',
  late: '超时',
  pending: '处理中',
  cancelled: '已撤销',
  not_owed: '无时限',
};

/** `S-000012` */
export const statementNumber = (id: number): string => `S-${String(id).padStart(6, '0')}`;

/** Yuan with two places, grouped. */
export function yuan(fen: number): string {
  return formatFen(BigInt(fen));
}

/** The last day of a period that ends before `day`. */
export const lastDay = (day: string): string => addDays(day, -1);

/** Length of time, `12 小时 05 分`. */
export function hours(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return `${Math.floor(minutes / 60)} 小时 ${String(minutes % 60).padStart(2, '0')} 分`;
}

/** The instant in the contract's zone, to the minute. */
export function instant(at: Date | number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  return format.format(at);
}

/** Why there is no value; statements keep it in English. The texts are those of the metrics. */
const REASONS: readonly (readonly [RegExp, (of: string) => string])[] = [
  [/^no value that both sides agreed on$/, () => '双方还没有认可的数值'],
  [/^no counted time$/, () => '没有计入的时间'],
  [/^no agreed rating of (.+)$/, (of) => `缺少 ${of} 的评分`],
  [/^no month rates (.+) \(.+\)$/, (of) => `各月评分中都没有“${of}”`],
];

function reasonWords(reason: string): string {
  for (const [pattern, words] of REASONS) {
    const found = pattern.exec(reason);
    if (found !== null) return words(found[1] ?? '');
  }
  return reason;
}

/** What a line lacks and why. */
export function lackWords(
  { code, of, detail }: StatementLine['lacks'][number],
  { metrics, clauses }: Contract,
): string {
  const metric = metrics.find(({ id }) => id === of);
  const name = metric?.name.zh ?? clauses.find(({ id }) => id === of)?.title.zh ?? of;
  switch (code) {
    case 'depends_on':
      return `取决于“${name}”`;
    case 'nothing_due':
      return `${name}：本期没有应完成事项，合同没有约定怎样计`;
    case 'items_missing': {
      const items = metric?.kind === 'rating' ? (metric.items ?? []) : [];
      const missing = detail.split(', ').map((id) => items.find((item) => item.id === id)?.name.zh ?? id);
      return `${name}缺少评分项：${missing.join('、')}`;
    }
    case 'no_value':
      return detail === '' ? `${name}缺数` : `${name}缺数（${reasonWords(detail)}）`;
  }
}

/** What a metric came to, short. */
export function valueWords(value: MetricValue, metric: Metric | undefined): string {
  if ('missing' in value) return `无数据（${reasonWords(value.missing)}）`;
  if ('rate' in value) {
    const { num, den } = { num: BigInt(value.rate.num), den: BigInt(value.rate.den) };
    return den === 0n ? '无应完成事项' : `${showPercent({ num, den })} %（${num}/${den}）`;
  }
  if ('count' in value) return String(value.count);
  if ('rating' in value) return quantityWords(value.rating);
  if ('ratings' in value) {
    const items = metric?.kind === 'rating' ? (metric.items ?? []) : [];
    const nameOf = (id: string): string => items.find((item) => item.id === id)?.name.zh ?? id;
    return Object.entries(value.ratings)
      .map(([id, rating]) => `${nameOf(id)} ${quantityWords(rating)}`)
      .join('、');
  }
  if ('list' in value) return value.list.map(quantityWords).join('、') || '无';
  return optionName(value.choice, metric);
}

function optionName(id: string, metric: Metric | undefined): string {
  const options = metric?.kind === 'choice' ? metric.options : [];
  return options.find((option) => option.id === id)?.name.zh ?? id;
}

function quantityWords(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { num, den } = value as { num: string | number; den: string | number };
  return decimal(BigInt(num), BigInt(den));
}

/** Two places, truncated; `…` where it goes on. */
function decimal(num: bigint, den: bigint): string {
  const cents = (num * 100n) / den;
  const text = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`.replace(/\.?0+$/, '');
  return (num * 100n) % den === 0n ? text : `${text}…`;
}

export function inputWords({ metric: id, name, value }: LineInput, { metrics }: Contract): string {
  if ('rate' in value) {
    if (value.nothing_due) return `${name.zh} 无应完成事项`;
    const { num, den } = value.rate;
    return `${name.zh} ${showPercent({ num: BigInt(num), den: BigInt(den) })} %`;
  }
  if ('count' in value) return `${name.zh} ${value.count}`;
  if ('points' in value) return `${name.zh} ${decimal(BigInt(value.points.num), BigInt(value.points.den))}`;
  if ('list' in value)
    return `${name.zh} ${value.list.map(({ num, den }) => decimal(BigInt(num), BigInt(den))).join('、')}`;
  return `${name.zh} ${optionName(
    value.choice,
    metrics.find((metric) => metric.id === id),
  )}`;
}

/** What a line comes to: an amount, or points or a consequence where it has none. */
export function resultWords(line: StatementLine): string {
  if (line.state === 'missing') return '缺数据';
  if (line.form === 'termination') return line.may_end ? '已达到解除条件' : '未达到解除条件';
  if (line.points !== null) return `${decimal(BigInt(line.points.num), BigInt(line.points.den))} 分`;
  return yuan(line.amount_fen);
}

/** A station's rate under the contract's counting, as shown; `-` where nothing counts. */
export function stationRate(tally: Tally, { document }: Pick<PaperData, 'document'>): string {
  const rate = rateOf(tally, document.counting);
  return rate === null ? '-' : showPercent(rate);
}

export function stationDown(tally: Tally, { document }: Pick<PaperData, 'document'>): number {
  return counted(tally, document.counting).down;
}
