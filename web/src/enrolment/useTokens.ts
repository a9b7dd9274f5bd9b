import type { Ref } from 'vue';
import { api, data, type Item, type QueryOf } from '../api/client.ts';
import { usePagedList } from '../ui/table/usePagedList.ts';

export type EnrolmentToken = Item<'/api/v1/enrolment-tokens'>;
export const TOKEN_STATES = ['active', 'used_up', 'expired', 'revoked'] as const;

/** Words for a token's state in the one language of state: what still opens the door is told apart from what does not. */
export const STATE_MARKS = { active: 'online', used_up: 'excluded', expired: 'unknown', revoked: 'never' } as const;

export function useTokens(filters: Ref<Record<'state', string>>) {
  return usePagedList<EnrolmentToken>({
    key: () => ['enrolment-tokens', filters.value.state],
    fetch: (page, signal) => {
      const state = filters.value.state as NonNullable<QueryOf<'/api/v1/enrolment-tokens'>['state']> | '';
      return data(
        api.GET('/api/v1/enrolment-tokens', { params: { query: { ...page, ...(state ? { state } : {}) } }, signal }),
      );
    },
  });
}
