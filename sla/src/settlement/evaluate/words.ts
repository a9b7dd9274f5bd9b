import type { Text } from '../language/parts.ts';

/** A step of the arithmetic: a stable code with its values for programs, and the sentence for people. */
export interface Step {
  readonly code: StepCode;
  readonly values: Readonly<Record<string, string>>;
  readonly text: Text;
}

const SENTENCES = {
  rate: ['{metric}：{num} ÷ {den} = {shown} %', '{metric}: {num} / {den} = {shown} %'],
  rate_ms: ['{metric}：{num} 毫秒 ÷ {den} 毫秒 = {shown} %', '{metric}: {num} ms / {den} ms = {shown} %'],
  rate_days: ['{metric}：{num} 台日 ÷ {den} 台日 = {shown} %', '{metric}: {num} / {den} station-days = {shown} %'],
  nothing_due: ['{metric}：无应完成事项，按 100 % 计', '{metric}: nothing was due, counts as 100 %'],
  count: ['{metric}：{count}', '{metric}: {count}'],
  rating: ['{metric}：{points} 分', '{metric}: {points} points'],
  rating_mean: ['{metric}：({sum}) ÷ {count} = {points} 分', '{metric}: ({sum}) / {count} = {points} points'],
  list: ['{metric}：{values}', '{metric}: {values}'],
  choice: ['{metric}：{choice}', '{metric}: {choice}'],
  tier_reached: ['{metric} 落在 {range} 档', '{metric} lies in the tier {range}'],
  tier_common: ['各项指标同档：{range}', 'one tier for all: {range}'],
  tier_lowest: ['各项指标不同档，按最低档：{range}', 'different tiers; the lowest governs: {range}'],
  tier_highest: ['各项指标不同档，按最高档：{range}', 'different tiers; the highest governs: {range}'],
  tier_listed: [
    '各项指标不同档，按约定组合（{tiers}）：{percent} %',
    'different tiers; agreed for {tiers}: {percent} %',
  ],
  price: ['基数：{name} {amount} 元', 'base: {name}, {amount} yuan'],
  price_part: [
    '基数：{name} {whole} 元中本阶段（{days}）所占 {num}/{den} = {amount} 元',
    'base: {num}/{den} of {name}, {whole} yuan, for this part of the term ({days}) = {amount} yuan',
  ],
  clauses_sum: ['基数：{names} 合计 {amount} 元', 'base: {names} together, {amount} yuan'],
  clauses_none: [
    '基数：{names} 合计 {sum} 元，不足零，按 0.00 元',
    'base: {names} together, {sum} yuan; below zero counts as 0.00',
  ],
  pay_share: ['{base} × {percent} % = {amount} 元', '{base} × {percent} % = {amount} yuan'],
  deduct_share: ['扣 {base} × {percent} % = {amount} 元', 'deducted: {base} × {percent} % = {amount} yuan'],
  card_start: ['起始分 {points}', 'begins at {points} points'],
  shortfall_none: [
    '{item}：{shown} % 达到 {target} %，得 {points} 分',
    '{item}: {shown} % reaches {target} %, {points} points',
  ],
  shortfall_whole: [
    '{item}：低于 {target} % 共 {short} 个百分点，按整点 {counted} 计；{worth} − {counted} × {each} = {points} 分',
    '{item}: {short} points below {target} %, {counted} whole; {worth} - {counted} × {each} = {points} points',
  ],
  shortfall_pro_rata: [
    '{item}：低于 {target} % 共 {short} 个百分点，按比例计；{worth} − {short} × {each} = {points} 分',
    '{item}: {short} points below {target} %, pro rata; {worth} - {short} × {each} = {points} points',
  ],
  item_least: ['{item}：不低于 {least} 分', '{item}: not under {least} points'],
  item_events: [
    '{item}：{worth} + {count} × ({each}) = {points} 分',
    '{item}: {worth} + {count} × ({each}) = {points} points',
  ],
  item_band: ['{item}：{value} 落在 {range}，{points} 分', '{item}: {value} lies in {range}, {points} points'],
  item_choice: ['{item}：{choice}，{points} 分', '{item}: {choice}, {points} points'],
  card_sum: ['合计 {points} 分', 'together {points} points'],
  card_floor: ['最低 {points} 分', 'not under {points} points'],
  card_ceiling: ['最高 {points} 分', 'not over {points} points'],
  score_rounded: ['{points} 分取整为 {rounded} 分', '{points} points are taken as {rounded}'],
  subject: ['{name}：{points} 分', '{name}: {points} points'],
  grade: ['{points} 分为 {grade} 级（{range}）', '{points} points are grade {grade} ({range})'],
  delay: ['付款推迟 {months} 个月', 'payment {months} months later'],
  events: [
    '{count} 次，其中 {free} 次免计；{counted} × {each} = {amount} 元',
    '{count}, of which {free} are free; {counted} × {each} = {amount} yuan',
  ],
  count_below: ['{count} 次，未达 {from} 次', '{count}, fewer than {from}'],
  count_reached: ['{count} 次，已达 {from} 次，计 {times} 次', '{count}, at least {from}; counts {times} times'],
  pay_times: ['{base} × {percent} % × {times} = {amount} 元', '{base} × {percent} % × {times} = {amount} yuan'],
  deduct_times: [
    '扣 {base} × {percent} % × {times} = {amount} 元',
    'deducted: {base} × {percent} % × {times} = {amount} yuan',
  ],
  points_enough: ['{points} 分，不低于 {below} 分', '{points} points, not below {below}'],
  points_short: [
    '低于 {below} 分共 {short} 分，计 {counted} 分；{counted} × {each} = {amount} 元',
    '{short} points below {below}, {counted} count; {counted} × {each} = {amount} yuan',
  ],
  cap_limit: ['上限：{base} × {percent} % = {limit} 元', 'limit: {base} × {percent} % = {limit} yuan'],
  cap_under: ['{names} 共扣 {deducted} 元，未超上限', '{names} deduct {deducted} yuan, within the limit'],
  cap_over: [
    '{names} 共扣 {deducted} 元，超出部分退回 {amount} 元',
    '{names} deduct {deducted} yuan; {amount} yuan over the limit are given back',
  ],
  running: [
    '连续 {running} 次低于 {below}（约定 {consecutive} 次）',
    'below {below} {running} times running (agreed: {consecutive})',
  ],
  may_end: ['可以解除合同', 'the contract may be ended'],
} as const satisfies Record<string, readonly [zh: string, en: string]>;

export type StepCode = keyof typeof SENTENCES;
export const STEP_CODES = Object.keys(SENTENCES) as StepCode[];

/** Values are texts, or words that differ by language. */
export type StepValues = Readonly<Record<string, string | bigint | number | Text>>;

/** A step with its sentence in both languages. Throws a RangeError if a value of the sentence is missing. */
export function step(code: StepCode, values: StepValues): Step {
  const [zh, en] = SENTENCES[code];
  const flat = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === 'object' ? value.zh : String(value),
  ]);
  return { code, values: Object.fromEntries(flat), text: { zh: fill(zh, values, 'zh'), en: fill(en, values, 'en') } };
}

function fill(sentence: string, values: StepValues, language: keyof Text): string {
  return sentence.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new RangeError(`no ${key} for: ${sentence}`);
    return typeof value === 'object' ? value[language] : String(value);
  });
}

/** Several words in a row. */
export function joined(words: readonly Text[]): Text {
  return { zh: words.map(({ zh }) => zh).join('、'), en: words.map(({ en }) => en).join(', ') };
}
