import { useI18n } from 'vue-i18n';
import { useVocabulary } from '../../fleet/useVocabulary.ts';
import { useFormat } from '../../format/useFormat.ts';
import { absoluteIn, dayIn, zoneLabel } from '../../format/zones.ts';
import type { Dimension, Piece, Shown, Stretch } from './pieces.ts';

/** The state's mark in the one visual language of the console. */
export const MARKS: Readonly<Record<Shown, string>> = {
  up: 'online',
  down: 'offline',
  unknown: 'unknown',
  platform: 'platform',
  excluded: 'excluded',
  off: 'never',
  future: 'never',
};

/** Words for intervals, with times in the contract's zone. */
export function useIntervalWords(zone: () => string) {
  const { t, te, locale } = useI18n();
  const format = useFormat();
  const vocabulary = useVocabulary();

  /** Why it is so: `设备离线，没有收到心跳`, `打印机故障`. */
  function why(piece: Pick<Piece, 'shown' | 'segment' | 'exclusion'>, dimension: Dimension): string {
    if (piece.exclusion) return t(`exclusions.kind.${piece.exclusion.kind}`);
    if (piece.shown === 'off' || piece.shown === 'future' || !piece.segment) return t(`timeline.shown.${piece.shown}`);
    return cause(piece.segment.state, piece.segment.cause, piece.segment.component, dimension);
  }
  function cause(state: string, code: string, component: string | null | undefined, dimension: Dimension): string {
    if (component) return t('timeline.cause.faultOf', { component: vocabulary.component(component) });
    const keys = [`timeline.cause.${dimension}.${state}.${code}`, `timeline.cause.${code}`];
    const key = keys.find((k) => te(k, locale.value));
    return key ? t(key) : code;
  }
  /** `10-05 08:12:07 → 09:40:00`: the second day only where it is another one. */
  function range(s: Stretch): string {
    const [from, to] = [absoluteIn(zone(), s.fromMs), absoluteIn(zone(), s.toMs)];
    const sameDay = dayIn(zone(), s.fromMs) === dayIn(zone(), s.toMs);
    return `${from.slice(5)} → ${sameDay ? to.slice(11) : to.slice(5)}`;
  }
  function title(piece: Piece, dimension: Dimension): string {
    const parts = [t(`timeline.dimension.${dimension}`), t(`timeline.shown.${piece.shown}`)];
    return [
      ...parts,
      why(piece, dimension),
      `${range(piece)} ${zoneLabel(zone(), piece.fromMs)}`,
      format.duration(piece.toMs - piece.fromMs),
    ]
      .filter((part, i, all) => all.indexOf(part) === i)
      .join(' · ');
  }
  return {
    why,
    cause,
    range,
    title,
    absolute: (at: number | string) => absoluteIn(zone(), at),
    label: (at: number | string) => zoneLabel(zone(), at),
    duration: format.duration,
  };
}

export type IntervalWords = ReturnType<typeof useIntervalWords>;
