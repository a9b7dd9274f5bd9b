import { useI18n } from 'vue-i18n';
import type { State } from '../ui/state/states.ts';

interface Failure {
  readonly error_code: string | null;
  readonly error_text: string | null;
}

const MARKS: Readonly<Record<string, State>> = {
  delivered: 'online',
  sent: 'maintenance',
  sending: 'maintenance',
  queued: 'never',
  undelivered: 'offline',
  failed: 'offline',
  unknown: 'unknown',
  dropped: 'excluded',
};

/** State of a message in the one language for state. */
export function deliveryMark(state: string): State {
  return MARKS[state] ?? 'unknown';
}

/** What became of a message, and why it did not arrive: in words where the provider's code has some, else as it said. */
export function useDeliveryWords() {
  const { t, te, locale } = useI18n();
  function stateWord(state: string): string {
    const key = `incidents.delivery.${state}`;
    return te(key, locale.value) ? t(key) : state;
  }
  function why(failure: Failure): string {
    const { error_code: code, error_text: text } = failure;
    if (!code) return text ?? '';
    const key = `incidents.smsError.e${code}`;
    return te(key, locale.value) ? t(key) : [code, text].filter(Boolean).join(' ');
  }
  return { stateWord, why };
}
