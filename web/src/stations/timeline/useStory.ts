import { useI18n } from 'vue-i18n';
import { useVocabulary } from '../../fleet/useVocabulary.ts';
import type { Explanation } from './types.ts';
import type { IntervalWords } from './useIntervalWords.ts';

/** An explanation's codes and parameters as sentences: what was heard last, what is missing, who took it out, why it is not required. */
export function useStory(words: () => IntervalWords) {
  const { t, te, locale } = useI18n();
  const vocabulary = useVocabulary();

  function facts(params: Readonly<Record<string, unknown>>): string[] {
    const text = (name: string) => (typeof params[name] === 'string' ? (params[name] as string) : '');
    const number = (name: string) => (typeof params[name] === 'number' ? (params[name] as number) : 0);
    const at = (name: string) => words().absolute(text(name));
    return [
      text('end_kind') && t('timeline.story.ended', { how: vocabulary.endKind(text('end_kind')) }),
      text('fault_since') && t('timeline.story.fault', { at: at('fault_since') }),
      text('fault_reason') && t('timeline.story.reason', { reason: vocabulary.reason(text('fault_reason')) }),
      text('last_beat_at') &&
        t('timeline.story.last', { at: at('last_beat_at'), lives: words().duration(number('liveness_ms')) }),
      text('boot_at') && t('timeline.story.boot', { at: at('boot_at') }),
      text('next_beat_at') && t('timeline.story.next', { at: at('next_beat_at') }),
      number('missing_records') > 0 &&
        t('timeline.story.missing', { n: number('missing_records'), seq: number('first_missing_seq') }),
    ].filter((sentence) => typeof sentence === 'string' && sentence !== '') as string[];
  }
  function story(explanation: Explanation): string[] {
    return explanation.sentence.flatMap(({ code, params }) => {
      const key = `timeline.sentence.${code}`;
      const kind = typeof params.kind === 'string' ? t(`exclusions.kind.${params.kind}`) : '';
      const said = te(key, locale.value) ? [t(key, { ...params, kind })] : [];
      return [...said, ...facts(params)];
    });
  }
  return story;
}
