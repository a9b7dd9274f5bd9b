import { changeText } from '../figures.ts';
import type { CompareItem } from '../model.ts';
import type { Sort } from '../useView.ts';

/** Hundredths of a percentage point; what can't be compared comes after everything that can. */
function hundredths(change: string | null): number {
  if (change === null) return Number.POSITIVE_INFINITY;
  const { text, sign } = changeText(change);
  return sign * Number(text.replace(/\D/g, ''));
}

function lossOf(item: CompareItem, key: string): number {
  const [network, equipment] = [hundredths(item.network_change), hundredths(item.equipment_change)];
  if (key === 'network') return network;
  return key === 'equipment' ? equipment : Math.min(network, equipment);
}

/** By name or by change, the greatest loss first; `down` takes the worse of the two rates. With `-` the other way round. */
export function sortChanges(items: readonly CompareItem[], sort: Sort, locale: string): CompareItem[] {
  const turned = sort.startsWith('-') ? -1 : 1;
  const key = sort.replace('-', '');
  const byName = (a: CompareItem, b: CompareItem) => a.name.localeCompare(b.name, locale);
  return [...items].sort((a, b) => {
    if (key === 'name') return turned * byName(a, b);
    const [x, y] = [lossOf(a, key), lossOf(b, key)];
    if (x === y) return byName(a, b);
    if (!Number.isFinite(x) || !Number.isFinite(y)) return x < y ? -1 : 1;
    return turned * (x - y);
  });
}
