import { shareText } from '../../format/money.ts';
import type { Figures } from './useRatings.ts';

/** Which measured figure stands beside which item. */
const BESIDE: Readonly<Record<string, keyof Figures>> = {
  timeliness: 'timeliness',
  inspection: 'inspection',
  recurrence: 'recurrence',
  quality: 'recurrence',
  hotline: 'complaints',
  conduct: 'complaints',
  improvement: 'documents',
};

type Translate = (key: string, named: Record<string, unknown>) => string;

/** The figure beside an item in words; empty if nothing is measured of it. */
export function figureWords(item: string, figures: Figures | null, t: Translate): string {
  const which = BESIDE[item];
  if (which === undefined || figures === null) return '';
  const say = (named: Record<string, unknown>) => t(`duties.rating.figures.${which}`, named);
  const rate = (fraction: { num: number; den: number } | null) => (fraction === null ? '–' : shareText(fraction, 2));
  switch (which) {
    case 'timeliness': {
      const f = figures.timeliness;
      return f ? say({ rate: rate(f.rate), on: f.on_time, late: f.late }) : '';
    }
    case 'inspection': {
      const f = figures.inspection;
      return f ? say({ rate: rate(f.rate), done: f.in_time + f.later, missed: f.missed }) : '';
    }
    case 'recurrence': {
      const f = figures.recurrence;
      return f ? say({ n: f.count, days: f.within_days }) : '';
    }
    case 'documents': {
      const f = figures.documents;
      return f ? say({ rate: rate(f.rate), bad: f.late + f.missing }) : '';
    }
    case 'complaints': {
      const f = figures.complaints;
      return f ? say({ serious: f.serious, ordinary: f.ordinary }) : '';
    }
  }
}
