import { useI18n } from 'vue-i18n';
import { useVocabulary } from '../fleet/useVocabulary.ts';
import { count } from '../format/number.ts';
import type { Incident } from './useOverview.ts';

/** Says an incident in one sentence of the shown language, and where its devices are. */
export function useIncidentWords() {
  const { t } = useI18n();
  const words = useVocabulary();

  function sentence(incident: Incident): string {
    const where = incident.county?.name ?? t('overview.incidents.fleet');
    const n = incident.alerts_open;
    if (incident.rule === 'device_offline') return t('overview.incidents.offline', { where, n: count(n) }, n);
    const fault = incident.component
      ? words.fault({ component: incident.component, state: 'fault', reason: incident.reason })
      : t('overview.incidents.faults');
    return t('overview.incidents.fault', { where, fault, n: count(n) }, n);
  }
  function devicesOf(incident: Incident) {
    const region = incident.county ? { region: String(incident.county.id) } : {};
    if (incident.rule === 'device_offline')
      return { name: 'devices', query: { state: 'offline', lifecycle: 'in_service', ...region } };
    const component = incident.component ? { component: incident.component } : { state: 'faulty' };
    return { name: 'devices', query: { ...component, ...region } };
  }
  return { sentence, devicesOf };
}
