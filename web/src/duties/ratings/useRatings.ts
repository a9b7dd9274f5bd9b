import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { type Answer, api, data, type Item } from '../../api/client.ts';

export type Sheet = Item<'/api/v1/rating-sheets'>;
export type SheetDetail = Answer<'/api/v1/rating-sheets/{id}'>;
export type Draft = Answer<'/api/v1/rating-sheets/draft'>;
export type Figures = Draft['figures'];

export function useSheets(contract: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['ratings', 'list', contract.value]),
    queryFn: ({ signal }) => {
      const query = { limit: 200, ...(contract.value ? { contract: Number(contract.value) } : {}) };
      return data(api.GET('/api/v1/rating-sheets', { params: { query }, signal }));
    },
  });
}

export function useSheet(id: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['ratings', 'one', Number(id.value)]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/rating-sheets/{id}', { params: { path: { id: Number(id.value) } }, signal })),
    enabled: computed(() => id.value !== ''),
  });
}

export function useDraft(contract: Ref<number>, month: Ref<string>) {
  return useQuery({
    queryKey: computed(() => ['ratings', 'draft', contract.value, month.value]),
    queryFn: ({ signal }) => {
      const query = { contract: contract.value, month: month.value };
      return data(api.GET('/api/v1/rating-sheets/draft', { params: { query }, signal }));
    },
    enabled: computed(() => contract.value > 0 && /^\d{4}-\d{2}$/.test(month.value)),
  });
}

/** The month before, as `2026-02`. */
export function lastMonth(today: string): string {
  const [year, month] = [Number(today.slice(0, 4)), Number(today.slice(5, 7))];
  return month === 1 ? `${year - 1}-12` : `${year}-${String(month - 1).padStart(2, '0')}`;
}

/** Mean of whole scores with two decimals, cut off; null while one is missing. */
export function meanShown(scores: readonly (number | null)[]): string | null {
  if (scores.length === 0 || scores.some((score) => score === null)) return null;
  const sum = scores.reduce<number>((total, score) => total + (score ?? 0), 0);
  const hundredths = Math.floor((sum * 100) / scores.length);
  return `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;
}
