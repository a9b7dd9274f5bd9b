import { useQuery, useQueryClient } from '@tanstack/vue-query';
import type { MaybeRefOrGetter } from 'vue';
import { computed, toValue } from 'vue';
import { type Answer, api, data, type Item } from '../api/client.ts';

export type Stock = Answer<'/api/v1/stock'>;
export type StockStore = Stock['stores'][number];
export type StockCell = StockStore['models'][number];
export type Spare = Item<'/api/v1/stock/spares'>;
export type Movement = Item<'/api/v1/stock/movements'>;
export type Repair = Item<'/api/v1/stock/repairs'>;
export type WipeCheck = Item<'/api/v1/stock/wipes'>;
export type WipeDetail = Answer<'/api/v1/stock/wipes/{id}'>;
export type Part = Item<'/api/v1/stock/parts'>;
export type PartMovement = Item<'/api/v1/stock/part-movements'>;
export type Warranty = Item<'/api/v1/stock/warranties'>;
export type Replacement = Answer<'/api/v1/stations/{id}/replacement'>;
export type Candidate = Replacement['spares'][number];
export type LifeEntry = Item<'/api/v1/devices/{id}/life'>;

export const WIPE_METHODS = ['overwrite', 'factory_reset', 'disk_removed', 'destroyed', 'no_data'] as const;
export type WipeMethod = (typeof WIPE_METHODS)[number];
export const WARRANTIES = ['in', 'out', 'unknown'] as const;

const REFRESH_MS = 60_000;

/** What every store in reach holds. */
export function useStock() {
  return useQuery({
    queryKey: ['stock', 'stores'],
    queryFn: ({ signal }) => data(api.GET('/api/v1/stock', { signal })),
    refetchInterval: REFRESH_MS,
  });
}

/** Parts, and what the stores have of them. */
export function useParts(query: MaybeRefOrGetter<{ region?: number; retired?: boolean }> = {}) {
  return useQuery({
    queryKey: computed(() => ['stock', 'parts', toValue(query)]),
    queryFn: ({ signal }) => data(api.GET('/api/v1/stock/parts', { params: { query: toValue(query) }, signal })),
  });
}

/** After an act of the stock: everything that may show where a device is, or an order that it belongs to. */
export function useStockChanged() {
  const client = useQueryClient();
  const areas = ['stock', 'stations', 'sites', 'device', 'devices', 'overview', 'orders', 'order', 'faults'];
  return () => Promise.all(areas.map((area) => client.invalidateQueries({ queryKey: [area] })));
}
