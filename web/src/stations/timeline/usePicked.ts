import { computed, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSession } from '../../app/session.ts';
import type { Dimension, Exclusion, Piece } from './pieces.ts';
import { layersOf, useExplanation, type useStationTimeline } from './useStationTimeline.ts';
import type { TimelineUrl } from './useTimelineUrl.ts';

interface Around extends ReturnType<typeof useStationTimeline> {
  readonly id: Ref<string>;
  readonly contract: Ref<number | null>;
  readonly url: TimelineUrl;
}

/** The interval that is looked at, with all that is said about it. */
export function usePicked({ id, contract, url, bands, figures, timeline }: Around) {
  const { t, te, locale } = useI18n();
  const session = useSession();
  const explanation = useExplanation(id, contract, url.picked);
  const picked = computed<{ dimension: Dimension; piece: Piece } | null>(() => {
    const p = url.picked.value;
    const piece = p && bands.value?.[p.dimension].find((x) => x.fromMs <= p.atMs && p.atMs < x.toMs);
    return p && piece ? { dimension: p.dimension, piece } : null;
  });
  const all = computed<readonly Exclusion[]>(() =>
    timeline.data.value ? layersOf(timeline.data.value, 'network').exclusions : [],
  );
  const touching = computed(() => {
    const p = picked.value;
    const over = (e: Exclusion) =>
      p !== null &&
      e.toMs > p.piece.fromMs &&
      e.fromMs < p.piece.toMs &&
      (e.dimension === 'both' || e.dimension === p.dimension);
    return { all: all.value, picked: all.value.filter(over) };
  });
  const countsAs = computed(() => {
    const p = picked.value;
    if (!p) return '';
    const code =
      p.piece.shown === 'off' || p.piece.shown === 'excluded'
        ? p.piece.shown
        : explanation.data.value?.segment.counts_as;
    if (!code) return '…';
    const key = `timeline.countsAs.${code}`;
    return te(key, locale.value) ? t(key) : code;
  });
  const proposal = computed(() => {
    const p = picked.value;
    if (!p || !['down', 'unknown'].includes(p.piece.shown) || !session.can('exclusion.propose' as never)) return null;
    return figures.data.value?.period.closed ? t('timeline.panel.closed') : '';
  });
  return { picked, explanation, countsAs, touching, proposal };
}
