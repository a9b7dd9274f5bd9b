import { useI18n } from 'vue-i18n';
import { useFormat } from '../format/useFormat.ts';
import { absoluteIn, dayIn, zoneLabel } from '../format/zones.ts';
import type { Exclusion, Overlap } from './useExclusions.ts';

interface Spanning {
  readonly from: string;
  readonly to: string;
}

/** Exclusions in words. */
export function useExclusionWords() {
  const { t } = useI18n();
  const format = useFormat();
  /** `2026-10-05 08:00 → 12:00 UTC+8` */
  function range({ from, to }: Spanning, zone: string, withZone = true): string {
    const [a, b] = [absoluteIn(zone, from), absoluteIn(zone, to)];
    const seconds = a.endsWith(':00') && b.endsWith(':00') ? 16 : 19;
    const end = dayIn(zone, from) === dayIn(zone, to) ? b.slice(11, seconds) : b.slice(0, seconds);
    return `${a.slice(0, seconds)} → ${end}${withZone ? ` ${zoneLabel(zone, from)}` : ''}`;
  }
  /** `11-05 08:00 → 12:00`, for table cells; with the year where it is not the present one. */
  function brief(spanning: Spanning, zone: string): string {
    const year = `${dayIn(zone, format.now.value).slice(0, 4)}-`;
    return range(spanning, zone, false)
      .split(' → ')
      .map((end) => (end.startsWith(year) ? end.slice(year.length) : end))
      .join(' → ');
  }
  /** `甲卫生院 · 一号窗口`; a region or site is all of its stations. */
  function target(e: Pick<Exclusion | Overlap, 'target'>): string {
    const { kind, name, site } = e.target;
    if (kind === 'station') return [site?.name, name].filter((part) => part !== undefined).join(' · ');
    return t(`exclusions.target.${kind}`, { name });
  }
  const lasts = ({ from, to }: Spanning) => format.duration(Date.parse(to) - Date.parse(from));
  return { range, brief, target, lasts, kind: (k: string) => t(`exclusions.kind.${k}`) };
}
