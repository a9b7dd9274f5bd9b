import { cut, smsSize } from './segments.ts';
import { faultWords, type Lang } from './vocabulary.ts';

/** What an SMS has to say about an incident. */
export interface IncidentFacts {
  readonly rule: 'device_offline' | 'component_fault';
  /** Name of the county; null if the devices stand in none. */
  readonly county: string | null;
  /** True if the whole fleet is meant rather than a county. */
  readonly fleet: boolean;
  readonly component: string | null;
  readonly reason: string | null;
  /** Devices concerned; `total` is the size of the fleet, told for fleet incidents. */
  readonly devices: number;
  readonly total: number;
  /** Of the only device, where `devices` is 1. */
  readonly site: string | null;
  readonly station: string | null;
  readonly serial: string | null;
  /** Start by evidence, Unix ms. */
  readonly sinceMs: number;
}

export interface MessageStyle {
  readonly lang: Lang;
  /** Who speaks, in front of the text; carriers in China want 【】 around it. */
  readonly signature: string;
  readonly timeZone: string;
  readonly nowMs: number;
}

/** Shortest that a name is cut to, units. */
const SHORTEST_NAME = 6;

/**
 * The text of an incident: words instead of codes, in one SMS wherever names can be cut to make it so (site and station first,
 * then the county). No link: carriers in China block them.
 */
export function incidentText(facts: IncidentFacts, style: MessageStyle): string {
  const full = { county: facts.county ?? '', site: facts.site ?? '', station: facts.station ?? '' };
  const write = style.lang === 'en' ? english : chinese;
  let names = full;
  for (const key of ['site', 'station', 'county'] as const) {
    for (let units = full[key].length; ; units--) {
      names = { ...names, [key]: cut(full[key], units) };
      const text = write(facts, names, style);
      if (smsSize(text).segments === 1) return text;
      if (units <= SHORTEST_NAME) break;
    }
  }
  return write(facts, names, style);
}

interface Names {
  readonly county: string;
  readonly site: string;
  readonly station: string;
}

function chinese(facts: IncidentFacts, names: Names, style: MessageStyle): string {
  const head = `【${style.signature}】`;
  const since = `${clock(facts.sinceMs, style)} 起。`;
  if (facts.fleet) return `${head}全网 ${facts.total} 台终端中 ${facts.devices} 台离线，${since}`;
  const county = names.county === '' ? '' : `${names.county} `;
  const offline = facts.rule === 'device_offline';
  if (facts.devices > 1) {
    const what = offline
      ? `${facts.devices} 台终端离线`
      : `${faultWords('zh-CN', facts.component, facts.reason)}：${facts.devices} 台终端`;
    return `${head}${county}${what}，${since}`;
  }
  const what = offline ? '终端离线' : faultWords('zh-CN', facts.component, facts.reason);
  return `${head}${county}${what}：${place(facts, names, '终端 ')}，${since}`;
}

function english(facts: IncidentFacts, names: Names, style: MessageStyle): string {
  const head = `${style.signature}: `;
  const since = `since ${clock(facts.sinceMs, style)}.`;
  if (facts.fleet) return `${head}${facts.devices} of all ${facts.total} terminals offline ${since}`;
  const county = names.county === '' ? '' : `${names.county}, `;
  const offline = facts.rule === 'device_offline';
  if (facts.devices > 1) {
    const what = offline
      ? `${facts.devices} terminals offline`
      : `${faultWords('en', facts.component, facts.reason)} at ${facts.devices} terminals`;
    return `${head}${county}${what} ${since}`;
  }
  const what = offline ? 'terminal offline' : faultWords('en', facts.component, facts.reason);
  return `${head}${county}${what}: ${place(facts, names, 'terminal ')} ${since}`;
}

function place(facts: IncidentFacts, names: Names, terminal: string): string {
  const parts = [names.site, names.station].filter((name) => name !== '');
  return parts.length > 0 ? parts.join(' ') : `${terminal}${cut(facts.serial ?? '', 20)}`.trimEnd();
}

/** "14:32" of the same day in the zone of the platform, else "11-20 14:32". */
export function clock(atMs: number, style: Pick<MessageStyle, 'nowMs' | 'timeZone'>): string {
  const at = local(atMs, style.timeZone);
  const time = `${at.hour}:${at.minute}`;
  const now = local(style.nowMs, style.timeZone);
  return at.month === now.month && at.day === now.day ? time : `${at.month}-${at.day} ${time}`;
}

function local(atMs: number, timeZone: string): Record<'month' | 'day' | 'hour' | 'minute', string> {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  const parts = Object.fromEntries(format.formatToParts(atMs).map((part) => [part.type, part.value]));
  return {
    month: parts.month ?? '',
    day: parts.day ?? '',
    hour: parts.hour ?? '',
    minute: parts.minute ?? '',
  };
}
