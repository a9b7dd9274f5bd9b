import { keepPreviousData, useQuery } from '@tanstack/vue-query';
import { refDebounced } from '@vueuse/core';
import { computed, type Ref } from 'vue';
import type { RouteLocationRaw } from 'vue-router';
import { api, data, type Item } from '../../api/client.ts';
import { useOrderWords } from '../../orders/useOrderWords.ts';
import { useSession } from '../session.ts';

export interface Hit {
  readonly key: string;
  readonly kind: 'devices' | 'sites' | 'orders';
  readonly label: string;
  readonly note: string;
  readonly device?: { readonly state: string; readonly lifecycle: string };
  readonly to: RouteLocationRaw;
}

/** Hits of each kind that the palette shows; the list page shows them all. */
const LIMIT = 7;

type Order = Item<'/api/v1/orders'>;

async function find(q: string, orderTitle: ((order: Order) => string) | null, signal: AbortSignal): Promise<Hit[]> {
  const query = { q, limit: LIMIT };
  const [orders, devices, sites] = await Promise.all([
    orderTitle ? data(api.GET('/api/v1/orders', { params: { query }, signal })) : { items: [] },
    data(api.GET('/api/v1/devices', { params: { query }, signal })),
    data(api.GET('/api/v1/sites', { params: { query }, signal })),
  ]);
  return [
    ...orders.items.map(
      (o): Hit => ({
        key: `o${o.id}`,
        kind: 'orders',
        label: o.number,
        note: [orderTitle?.(o), o.site?.name].filter(Boolean).join(' · '),
        to: { name: 'order', params: { id: String(o.id) } },
      }),
    ),
    ...devices.items.map(
      (d): Hit => ({
        key: `d${d.device_id}`,
        kind: 'devices',
        label: d.serial,
        note: [d.site?.name, d.station?.name].filter(Boolean).join(' · '),
        device: d,
        to: { name: 'device', params: { id: d.device_id } },
      }),
    ),
    ...sites.items.map(
      (s): Hit => ({
        key: `s${s.id}`,
        kind: 'sites',
        label: s.name,
        note: s.code,
        to: { name: 'site', params: { id: String(s.id) } },
      }),
    ),
  ];
}

/** Searches orders, devices and sites while the user types. */
export function useSearch(typed: Ref<string>) {
  const session = useSession();
  const { title } = useOrderWords();
  const q = refDebounced(
    computed(() => typed.value.trim()),
    180,
  );
  const { data: hits, isFetching } = useQuery({
    queryKey: ['search', q],
    queryFn: ({ signal }) => find(q.value, session.can('repair.read') ? title : null, signal),
    enabled: computed(() => q.value.length > 0),
    placeholderData: keepPreviousData,
  });
  return { q, hits: computed(() => (q.value ? (hits.value ?? []) : [])), isFetching };
}
