import { useQuery, useQueryClient } from '@tanstack/vue-query';
import { computed, type Ref } from 'vue';
import { api, data, type Item, type QueryOf } from '../api/client.ts';
import { present, usePagedList } from '../ui/table/usePagedList.ts';

export type User = Item<'/api/v1/users'>;
export type Role = User['role'];

export const ROLES = ['admin', 'manager', 'engineer', 'oncall', 'auditor'] as const satisfies readonly Role[];
export const USER_FILTERS = ['q', 'role', 'state', 'org_id'] as const;
export const USER_STATES = ['active', 'locked', 'disabled'] as const;
export type UserFilters = Readonly<Record<(typeof USER_FILTERS)[number], string>>;

/** Whether somebody may sign in: disabled goes over locked, locked over a first sign-in that is still due. */
export function accessOf(user: User, nowMs: number): 'disabled' | 'locked' | 'invited' | 'active' {
  if (user.disabled_at) return 'disabled';
  if (user.locked_until && Date.parse(user.locked_until) > nowMs) return 'locked';
  return user.must_change_password ? 'invited' : 'active';
}

export const ACCESS_MARKS = { active: 'online', invited: 'never', locked: 'faulty', disabled: 'excluded' } as const;

export function useUsers(filters: Ref<UserFilters>) {
  return usePagedList<User>({
    key: () => ['users', 'list', filters.value],
    fetch: (page, signal) => {
      const { org_id, ...rest } = present(filters.value);
      const query = { ...page, ...rest, ...(org_id ? { org_id: Number(org_id) } : {}) } as QueryOf<'/api/v1/users'>;
      return data(api.GET('/api/v1/users', { params: { query }, signal }));
    },
  });
}

/** One person, and what refreshes after something was done to them. */
export function useUser(id: Ref<number>) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: computed(() => ['users', 'one', id.value]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/users/{id}', { params: { path: { id: id.value } }, signal })),
  });
  const refresh = () => client.invalidateQueries({ queryKey: ['users'] });
  return { ...query, refresh };
}
