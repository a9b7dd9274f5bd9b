import { useQuery } from '@tanstack/vue-query';
import type { Contract } from '@uptally/sla';
import { computed, type Ref } from 'vue';
import { api, data } from '../../api/client.ts';
import { useDocument, useDocuments } from '../../contracts/terms/useDocuments.ts';

/** Values that people fill in for a contract. */
export function useInputs(contractId: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['statements', 'inputs', contractId.value]),
    queryFn: ({ signal }) => {
      const params = { path: { id: Number(contractId.value) } };
      return data(api.GET('/api/v1/contracts/{id}/metric-inputs', { params, signal }));
    },
  });
}

/** The billing rules in force; undefined while unknown, null where none are. */
export function useRules(contractId: Ref<string>) {
  const list = useDocuments(contractId);
  const id = computed(() => list.data.value?.in_force_id ?? null);
  const document = useDocument(contractId, id);
  const rules = computed<Contract | null | undefined>(() => {
    if (list.data.value && id.value === null) return null;
    // The API's document says of it only that it is JSON; what was agreed on has passed the core's check.
    return document.data.value?.document as Contract | undefined;
  });
  return { rules, error: computed(() => list.error.value ?? document.error.value) };
}
