import type { MessageStyle } from './message.ts';
import { cut, smsSize } from './segments.ts';
import type { Lang } from './vocabulary.ts';

/** What an SMS has to say that does not wake anybody. */
export type NoticeFacts =
  | {
      readonly kind: 'stock';
      /** Name of the store's region. */
      readonly store: string;
      readonly what: 'spares' | 'parts';
      /** Name of the model or the part. */
      readonly item: string;
      readonly left: number;
      readonly minimum: number;
    }
  /** A running period of a contract is on its way to less than full payment. No amounts: SMS are read by many. */
  | {
      readonly kind: 'risk';
      readonly contract: string;
      readonly fromDay: string;
      /** The day after the last. */
      readonly toDay: string;
    };

/** A name shorter than this is not cut further, units. */
const SHORTEST_NAME = 6;

/** The text of a notice, in one SMS wherever its name can be cut to make it so. */
export function noticeText(facts: NoticeFacts, style: Pick<MessageStyle, 'lang' | 'signature'>): string {
  const name = facts.kind === 'stock' ? facts.item : facts.contract;
  const head = style.lang === 'en' ? `${style.signature}: ` : `【${style.signature}】`;
  for (let units = name.length; units > SHORTEST_NAME; units--) {
    const text = head + said(facts, cut(name, units), style.lang);
    if (smsSize(text).segments === 1) return text;
  }
  return head + said(facts, cut(name, SHORTEST_NAME), style.lang);
}

function said(facts: NoticeFacts, name: string, lang: Lang): string {
  if (facts.kind === 'stock') {
    const { store, what, left, minimum } = facts;
    if (lang === 'en') return `${store}: low on ${what}, ${name}: ${left} left, minimum ${minimum}.`;
    return `${store} ${what === 'spares' ? '备机' : '配件'}不足：${name} 剩 ${left}，最低 ${minimum}。`;
  }
  const days = [facts.fromDay, lastDay(facts.toDay)].map((day) => day.slice(5));
  if (lang === 'en') return `contract ${name}, ${days.join(' to ')}: forecast below full payment, see Money at risk.`;
  return `合同 ${name} ${days.join(' 至 ')} 结算期：按目前走势达不到全额，请查看资金风险。`;
}

function lastDay(dayAfter: string): string {
  return new Date(Date.parse(dayAfter) - 86_400_000).toISOString().slice(0, 10);
}
