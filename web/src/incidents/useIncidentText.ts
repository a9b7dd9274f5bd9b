import { useI18n } from 'vue-i18n';
import { toMs } from '../format/time.ts';
import { useFormat } from '../format/useFormat.ts';
import { useIncidentWords } from '../overview/useIncidentWords.ts';
import type { Incident } from './useIncidents.ts';

/** An incident in words. One that is over is told by how many it concerned; nothing of it is open any more. */
export function useIncidentText() {
  const { t } = useI18n();
  const format = useFormat();
  const words = useIncidentWords();

  function sentence(incident: Incident): string {
    const told = incident.state === 'resolved' ? { ...incident, alerts_open: incident.alerts_total } : incident;
    return words.sentence(told);
  }
  /** `3 小时 41 分`, from beginning to end. */
  function lasted(incident: Incident): string {
    return incident.resolved_at ? format.duration(toMs(incident.resolved_at) - toMs(incident.opened_at)) : '';
  }
  /** Who has it, or what was done so far. */
  function handling(incident: Incident): string {
    if (incident.acked_by) return incident.acked_by.name;
    if (incident.acked_at) return t('incidents.taken');
    if (!incident.notified_at) return t('incidents.untold');
    return t(incident.sms_total > 0 ? 'incidents.told' : 'incidents.nobody');
  }
  return { sentence, lasted, handling, devicesOf: words.devicesOf };
}
