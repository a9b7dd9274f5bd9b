import { clock, type MessageStyle } from './message.ts';
import { cut, smsSize } from './segments.ts';
import { faultWords, type Lang } from './vocabulary.ts';

/** What an SMS has to say about a repair clock. */
export interface MarkFacts {
  /** Number of the work order. */
  readonly order: number;
  readonly stage: string;
  /** Share of the limit that is used up; 100 and more: it has passed. */
  readonly percent: number;
  readonly cause: string;
  readonly reason: string | null;
  /** Stations that still wait. */
  readonly stations: number;
  readonly county: string | null;
  readonly site: string | null;
  readonly station: string | null;
  /** When the limit is, or was, used up, Unix ms; null: not known. */
  readonly dueMs: number | null;
}

const STAGES: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
  'zh-CN': { respond: '响应', on_site: '到场', temporary_restoration: '临时恢复', repair: '修复' },
  en: { respond: 'response', on_site: 'arrival', temporary_restoration: 'temporary restoration', repair: 'repair' },
};
const CAUSES: Readonly<Record<Lang, Readonly<Record<string, string>>>> = {
  'zh-CN': {
    offline: '终端离线',
    slow: '运行缓慢',
    software: '软件问题',
    damage: '损坏',
    missing: '部件缺失',
    other: '故障',
  },
  en: {
    offline: 'terminal offline',
    slow: 'slow',
    software: 'software trouble',
    damage: 'damage',
    missing: 'missing part',
    other: 'fault',
  },
};

/** A name shorter than this is not cut further, units. */
const SHORTEST_NAME = 6;

/** The text of a mark, in one SMS wherever the name of the place can be cut to make it so. */
export function markText(facts: MarkFacts, style: MessageStyle): string {
  const place = placeOf(facts, style.lang);
  const write = style.lang === 'en' ? english : chinese;
  for (let units = place.length; units > SHORTEST_NAME; units--) {
    const text = write(facts, cut(place, units), style);
    if (smsSize(text).segments === 1) return text;
  }
  return write(facts, cut(place, SHORTEST_NAME), style);
}

function placeOf({ stations, county, site, station }: MarkFacts, lang: Lang): string {
  if (stations > 1)
    return [county, lang === 'en' ? `${stations} stations` : `${stations} 个点位`].filter(Boolean).join(' ');
  return [site, station].filter(Boolean).join(' ');
}

function whatOf({ cause, reason }: MarkFacts, lang: Lang): string {
  const own = CAUSES[lang];
  return Object.hasOwn(own, cause) ? (own[cause] as string) : faultWords(lang, cause, reason);
}

function chinese(facts: MarkFacts, place: string, style: MessageStyle): string {
  const stage = STAGES['zh-CN'][facts.stage] ?? '';
  const due = facts.dueMs === null ? '' : `，截止 ${clock(facts.dueMs, style)}`;
  const tail = facts.percent < 100 ? `${stage}时限已用 ${facts.percent}%${due}。` : `${stage}已超时${due}。`;
  return `【${style.signature}】工单 ${number(facts.order)} ${place} ${whatOf(facts, 'zh-CN')}：${tail}`;
}

function english(facts: MarkFacts, place: string, style: MessageStyle): string {
  const stage = STAGES.en[facts.stage] ?? '';
  const due = facts.dueMs === null ? '' : `, due ${clock(facts.dueMs, style)}`;
  const tail = facts.percent < 100 ? `${facts.percent}% of ${stage} time used${due}.` : `${stage} overdue${due}.`;
  return `${style.signature}: ${number(facts.order)} ${place}, ${whatOf(facts, 'en')}: ${tail}`;
}

const number = (id: number): string => `W-${String(id).padStart(6, '0')}`;
