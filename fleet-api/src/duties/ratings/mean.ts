import type { Fraction } from '@uptally/sla';

/** Words in both languages. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export interface RatingItem {
  readonly id: string;
  readonly name: Words;
}

export interface SheetItem extends RatingItem {
  /** Whole points, 0 to 100. */
  readonly score: number;
  readonly note?: string | null;
}

/** The items of R-QH-4, with the ids of the contract presets. */
export const DEFAULT_ITEMS: readonly RatingItem[] = [
  { id: 'inspection', name: { zh: '巡检', en: 'Inspection' } },
  { id: 'hotline', name: { zh: '热线', en: 'Hotline' } },
  { id: 'emergency', name: { zh: '应急到场', en: 'Emergency on site' } },
  { id: 'quality', name: { zh: '维修质量', en: 'Repair quality' } },
  { id: 'recurrence', name: { zh: '故障复发', en: 'Recurrence' } },
  { id: 'timeliness', name: { zh: '及时性', en: 'Timeliness' } },
  { id: 'skill', name: { zh: '技能', en: 'Skill' } },
  { id: 'training', name: { zh: '培训', en: 'Training' } },
  { id: 'optimisation', name: { zh: '优化', en: 'Optimisation' } },
  { id: 'conduct', name: { zh: '现场行为', en: 'Conduct on site' } },
  { id: 'improvement', name: { zh: '改进', en: 'Improvement' } },
];

/** The mean of the items, exact: their sum over their number. All items weigh the same. @throws RangeError without items */
export function meanOf(items: readonly Pick<SheetItem, 'score'>[]): Fraction {
  if (items.length === 0) throw new RangeError('a sheet without items has no mean');
  return { num: items.reduce((sum, { score }) => sum + score, 0), den: items.length };
}

export type Grade = 'A' | 'B' | 'C';

/** R-QH-4: A from 90, B from 80, else C. The mean is not rounded: 89.9 is B. What a contract pays by is its own clause. */
export function gradeOf({ num, den }: Fraction): Grade {
  if (num >= 90 * den) return 'A';
  return num >= 80 * den ? 'B' : 'C';
}

/** The mean with two decimals, cut off: never shown higher than it is. */
export function showMean({ num, den }: Fraction): string {
  const hundredths = Math.floor((num * 100) / den);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
