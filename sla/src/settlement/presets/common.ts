import type { Contract, Interpretation, Text } from '../language/index.ts';

export const text = (zh: string, en: string): Text => ({ zh, en });

/** A reading without alternatives that the statement could compute. */
export const reading = (id: string, zh: string, en: string): Interpretation => ({ id, text: text(zh, en) });

/** A reading that is the value of a field, with those that could be taken instead. */
export const choice = (
  id: string,
  field: string,
  words: Text,
  options: readonly (readonly [value: unknown, zh: string, en: string])[],
): Interpretation => ({
  id,
  field,
  text: words,
  options: options.map(([value, zh, en]) => ({ value, text: text(zh, en) })),
});

/** Whole points, or pro rata: the two ways to count part of a percentage point. */
export const WHOLE_OR_PRO_RATA = choice(
  'part_points',
  'counting',
  text(
    '“每低 1 个百分点”按整点计，不足 1 个百分点的部分不扣',
    'only whole points below count, a part of a point costs nothing',
  ),
  [
    ['whole', '按整点计', 'whole points'],
    ['pro_rata', '按比例计', 'pro rata'],
  ],
);

/** What the seed contracts have in common. Days, names and amounts are to be replaced by those of the signed contract. */
export const COMMON = {
  format: 1,
  time_zone: 'Asia/Shanghai',
  currency: 'CNY',
  sub_periods: [],
  scope: { regions: [], sites: [], stations: [] },
  calendar: { kind: 'always' },
  counting: {
    unknown: 'down',
    platform: 'excluded',
    exclusions: [
      { id: 'power', text: text('站点停电', 'power cut at the site') },
      { id: 'site_closed', text: text('机构停业或停诊', 'site closed') },
      { id: 'force_majeure', text: text('不可抗力', 'force majeure') },
      { id: 'agreed', text: text('双方约定的停机', 'standstill agreed by both sides') },
    ],
    grace_days: 3,
  },
  interpretations: [],
} satisfies Partial<Contract>;

export const PARTIES: Contract['parties'] = [
  { id: 'agency', role: 'agency', name: text('采购人', 'Agency') },
  { id: 'contractor', role: 'contractor', name: text('运维单位', 'Contractor') },
];

const HOUR_MS = 3_600_000;
export const hours = (n: number): number => n * HOUR_MS;

const OFFICE = [
  { from: '08:30', to: '12:00' },
  { from: '14:00', to: '17:30' },
];
/** Monday to Friday, holidays free. The hours are to be replaced by the site's own. */
export const FIVE_BY_EIGHT = {
  kind: 'weekly',
  holidays: true,
  hours: { mon: OFFICE, tue: OFFICE, wed: OFFICE, thu: OFFICE, fri: OFFICE, sat: [], sun: [] },
};
