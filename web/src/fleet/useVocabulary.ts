import { useI18n } from 'vue-i18n';
import { useFormat } from '../format/useFormat.ts';

export interface ComponentFault {
  readonly component: string;
  readonly state: string;
  readonly reason: string | null;
  readonly since?: string | null;
}

/** Words of the trade for what devices report. What the console has no word for is shown as the device said it. */
export function useVocabulary() {
  const { t, te, locale } = useI18n();
  const format = useFormat();

  function word(area: string, code: string): string {
    const key = `vocabulary.${area}.${code}`;
    return te(key, locale.value) ? t(key) : code;
  }
  const component = (code: string) => word('component', code);
  const reason = (code: string) => word('reason', code);

  /** `打印机缺纸`; a fault without a reason is told by its state. */
  function fault(f: ComponentFault): string {
    const specific = `vocabulary.fault.${f.component}.${f.reason ?? f.state}`;
    if (te(specific, locale.value)) return t(specific);
    const why = f.reason ? reason(f.reason) : word('componentState', f.state);
    return t('vocabulary.faultOf', { component: component(f.component), reason: why });
  }
  /** `打印机缺纸 · 3 小时` */
  function faultSince(f: ComponentFault): string {
    return f.since ? `${fault(f)} · ${format.since(f.since)}` : fault(f);
  }
  return {
    component,
    reason,
    fault,
    faultSince,
    componentState: (code: string) => word('componentState', code),
    lifecycle: (code: string) => word('lifecycle', code),
    event: (code: string) => word('event', code),
    op: (code: string) => word('op', code),
    commandState: (code: string) => word('commandState', code),
    endKind: (code: string) => word('endKind', code),
    inventory: (code: string) => word('inventory', code),
    resultCode: (code: string) => word('resultCode', code),
  };
}
