import { useI18n } from 'vue-i18n';
import { useVocabulary } from '../../fleet/useVocabulary.ts';
import { useFormat } from '../../format/useFormat.ts';
import type { Evidence } from './types.ts';

/** A record that arrives later than this was kept on the device meanwhile, ms. */
const LATE_MS = 90_000;

/** What a record says, in words; what the console has no word for is told by its code. */
export function useEvidenceWords() {
  const { t, te, locale } = useI18n();
  const format = useFormat();
  const vocabulary = useVocabulary();
  const word = (area: string, code: string) => {
    const key = `timeline.evidence.${area}.${code}`;
    return te(key, locale.value) ? t(key) : code;
  };
  const field = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  /** A field of what the server says about a record. */
  const detail = (e: Evidence, name: string) => text(field(e.detail, name));
  /** What a component's report said: its state (`s`) and reason (`r`) as on the wire. A fault begins with one that said so. */
  function report(e: Evidence): string {
    const said = field(e.detail, 'report');
    const state = text(field(said, 's')) || (e.role === 'begins' ? 'fault' : 'ok');
    const why = text(field(said, 'r'));
    return [vocabulary.componentState(state), why && vocabulary.reason(why)].filter(Boolean).join(' · ');
  }

  function kind(e: Evidence): string {
    const component = detail(e, 'component');
    if (e.kind === 'health' && component !== '')
      return t('timeline.evidence.report', { component: vocabulary.component(component), state: report(e) });
    if (e.kind === 'session' && detail(e, 'end_kind') !== '')
      return t('timeline.evidence.sessionEnd', { how: vocabulary.endKind(detail(e, 'end_kind')) });
    return word('kind', e.kind);
  }
  /** `迟到 3 小时，由终端补传`; nothing for what came at once. */
  function late(e: Evidence): string {
    if (e.received_at === null) return '';
    const lateMs = Date.parse(e.received_at) - Date.parse(e.at);
    return lateMs > LATE_MS ? t('timeline.evidence.late', { by: format.duration(lateMs) }) : '';
  }
  return { kind, role: (e: Evidence) => word('role', e.role), late };
}
