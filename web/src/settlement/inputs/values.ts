import type { Contract, Metric } from '@uptally/sla';
import type { MetricValue } from '../model.ts';

/** What is typed for a value, by the metric's kind. Everything is text until it is read: nothing is guessed from half a number. */
export interface Typed {
  num: string;
  den: string;
  count: string;
  rating: string;
  items: Record<string, string>;
  list: string;
  choice: string;
}
export const nothingTyped = (): Typed => ({ num: '', den: '', count: '', rating: '', items: {}, list: '', choice: '' });

export type Ask = 'rate' | 'count' | 'rating' | 'items' | 'list' | 'choice';
export function askOf(metric: Metric): Ask {
  switch (metric.kind) {
    case 'rating':
      return metric.items === undefined ? 'rating' : 'items';
    case 'choice':
    case 'list':
      return metric.kind;
    case 'late_documents':
    case 'complaints':
    case 'count':
      return 'count';
    default:
      return 'rate';
  }
}

const WHOLE = /^\d{1,15}$/;
const POINTS = /^\d{1,3}(\.\d{1,6})?$/;
const DECIMAL = /^\d{1,9}(\.\d{1,6})?$/;
const isPoints = (text: string) => POINTS.test(text) && Number(text) <= 100;

/** The value that was typed; null while it is none. Decimals stay text: 0.1 has no double. */
export function readTyped(metric: Metric, typed: Typed): MetricValue | null {
  switch (askOf(metric)) {
    case 'rate': {
      const [num, den] = [typed.num.trim(), typed.den.trim()];
      const isRate = WHOLE.test(num) && WHOLE.test(den) && BigInt(num) <= BigInt(den);
      return isRate ? { rate: { num: Number(num), den: Number(den) } } : null;
    }
    case 'count':
      return WHOLE.test(typed.count.trim()) ? { count: Number(typed.count) } : null;
    case 'rating':
      return isPoints(typed.rating.trim()) ? { rating: typed.rating.trim() } : null;
    case 'items': {
      const items = metric.kind === 'rating' ? (metric.items ?? []) : [];
      const ratings = Object.fromEntries(items.map(({ id }) => [id, (typed.items[id] ?? '').trim()]));
      return Object.values(ratings).every(isPoints) ? { ratings } : null;
    }
    case 'list': {
      const list = typed.list.split(/[,，、\s]+/).filter(Boolean);
      return list.every((one) => DECIMAL.test(one)) ? { list } : null;
    }
    case 'choice': {
      const isOption = metric.kind === 'choice' && metric.options.some(({ id }) => id === typed.choice);
      return isOption ? { choice: typed.choice } : null;
    }
  }
}

/** The value as it would be typed, to begin with. */
export function typedOf(value: MetricValue | undefined): Typed {
  const typed = nothingTyped();
  if (value === undefined) return typed;
  if ('rate' in value) return { ...typed, num: String(value.rate.num), den: String(value.rate.den) };
  if ('count' in value) return { ...typed, count: String(value.count) };
  if ('rating' in value) return { ...typed, rating: textOf(value.rating) };
  if ('ratings' in value) {
    return { ...typed, items: Object.fromEntries(Object.entries(value.ratings).map(([id, q]) => [id, textOf(q)])) };
  }
  if ('list' in value) return { ...typed, list: value.list.map(textOf).join(', ') };
  return 'choice' in value ? { ...typed, choice: value.choice } : typed;
}

/** A fraction that is no decimal can't be typed: it is left to be filled in anew. */
const textOf = (quantity: unknown): string => (typeof quantity === 'object' ? '' : String(quantity));

/** Metrics whose value people fill in: those that no record proves. */
export function fillable({ metrics }: Pick<Contract, 'metrics'>): Metric[] {
  const byHand: readonly Metric['kind'][] = ['share', 'count', 'choice', 'list', 'rating'];
  return metrics.filter((metric) => byHand.includes(metric.kind) && !('taken_from' in metric && metric.taken_from));
}
