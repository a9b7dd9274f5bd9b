import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data } from '../../api/client.ts';

export type DocumentRow = Answer<'/api/v1/contracts/{id}/documents'>['items'][number];
export type DocumentDetail = Answer<'/api/v1/contracts/{id}/documents/{did}'>;
export type DocumentAct = DocumentRow['actions'][number];

/** Versions of a contract's billing rules, newest first. */
export function useDocuments(contractId: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['contracts', Number(contractId.value), 'documents']),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/contracts/{id}/documents', { params: { path: { id: Number(contractId.value) } }, signal })),
  });
}

/** One version; none while `did` is null. */
export function useDocument(contractId: Ref<string>, did: Ref<number | null>) {
  return useQuery({
    queryKey: computed(() => ['contracts', Number(contractId.value), 'documents', did.value]),
    queryFn: ({ signal }) => {
      const path = { id: Number(contractId.value), did: did.value ?? 0 };
      return data(api.GET('/api/v1/contracts/{id}/documents/{did}', { params: { path }, signal }));
    },
    enabled: computed(() => did.value !== null),
  });
}

export function usePresets() {
  return useQuery({
    queryKey: ['contract-presets'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/contract-presets', { signal })),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** After a version was written or decided: the rules may count otherwise, and so may every figure and statement. */
export function useDocumentsChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ['contracts', 'statements', 'risk', 'availability'].map((area) => client.invalidateQueries({ queryKey: [area] })),
    );
}
