import { useMutation, useQueryClient } from '@tanstack/vue-query';
import { useI18n } from 'vue-i18n';
import { api } from '../api/client.ts';
import { useProblem } from '../api/useProblem.ts';
import { toast } from '../ui/feedback/toasts.ts';
import type { Incident } from './useIncidents.ts';
import { useIncidentText } from './useIncidentText.ts';

/** Takes an incident in charge. Whoever was first stays named; the answer of the server says who that is. */
export function useAcknowledge() {
  const { t } = useI18n();
  const client = useQueryClient();
  const { words } = useProblem();
  const { sentence } = useIncidentText();
  return useMutation({
    mutationFn: (incident: Incident) =>
      api.POST('/api/v1/incidents/{id}/ack', { params: { path: { id: incident.id } } }),
    onSuccess: (_answer, incident) => toast.done(t('incidents.ackDone', { what: sentence(incident) })),
    onError: (error) => toast.failed(words(error)),
    onSettled: () => client.invalidateQueries({ queryKey: ['incidents'] }),
  });
}
