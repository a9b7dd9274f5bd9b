import { rngFor } from '../../random/rng.ts';
import type { Crew } from './work.ts';

/** Parts that wear out, with their prices in fen. */
const PARTS = [
  { code: 'ROLLER', name: '打印机胶辊', unit: '根', price_fen: 2_800, minimum: 3 },
  { code: 'READER-ID', name: '身份证读卡模块', unit: '块', price_fen: 18_500, minimum: 2 },
  { code: 'ADAPTER', name: '电源适配器 12V 5A', unit: '个', price_fen: 6_900, minimum: 3 },
  { code: 'ANTENNA', name: '4G 外置天线', unit: '根', price_fen: 3_500, minimum: 2 },
] as const;

interface Stock {
  readonly stores: readonly {
    readonly store: { readonly id: number; readonly name: string };
    readonly models: readonly { readonly model: { readonly id: number }; readonly in_stock: number }[];
  }[];
}

/** The catalogue of parts: code -> id; null if it was entered before. */
export async function enterParts({
  contractor,
}: Pick<Crew, 'contractor'>): Promise<ReadonlyMap<string, number> | null> {
  const { items } = await contractor.get<{ items: readonly { readonly code: string }[] }>('/stock/parts');
  if (items.length > 0) return null;
  const parts = new Map<string, number>();
  for (const { minimum: _, ...part } of PARTS) {
    const { id } = await contractor.post<{ readonly id: number }>('/stock/parts', part);
    parts.set(part.code, id);
  }
  return parts;
}

/** Stores by the name of their county. */
export async function storesOf({ contractor }: Pick<Crew, 'contractor'>): Promise<ReadonlyMap<string, number>> {
  const { stores } = await contractor.get<Stock>('/stock');
  return new Map(stores.map(({ store }) => [store.name, store.id]));
}

/** Stores that keep parts: the largest counties'. */
const PART_STORES = 6;

/** Parts on the shelves, how many spares and parts there should be, and two broken devices on their way to the maker. */
export async function fillStores(crew: Crew): Promise<void> {
  const { contractor, parts, seed } = crew;
  const { stores } = await contractor.get<Stock>('/stock');
  for (const { store, models } of stores) {
    const rng = rngFor(seed, 'repair-store', store.id);
    for (const { model, in_stock } of models) {
      // Most stores hold what they should; a few lack some.
      const lacks = rng.chance(0.1) ? 1 + Math.floor(in_stock / 2) : 0;
      const minimum = Math.max(1, Math.round(in_stock * rng.range(0.4, 0.85)) + lacks);
      await contractor.put('/stock/minimums', { region_id: store.id, model_id: model.id, minimum });
    }
  }
  await Promise.all(
    PARTS.map(async ({ code, minimum }) => {
      const path = `/stock/parts/${parts.get(code) ?? 0}`;
      const rng = rngFor(seed, 'repair-parts', code);
      for (const { store } of stores.slice(0, PART_STORES)) {
        const put = { region_id: store.id, kind: 'in', quantity: rng.int(1, 8), reason: '年初备件入库' };
        await contractor.post(`${path}/movements`, put);
        await contractor.put(`${path}/minimum`, { region_id: store.id, minimum });
      }
    }),
  );
}

interface WipeCheck {
  readonly id: number;
  readonly version: number;
  readonly device: { readonly device_id: string };
}

/** Broken devices that were swapped out in the past, sent to be repaired. */
export async function sendAway({ contractor, nowMs }: Crew): Promise<void> {
  const path = '/stock/spares?place=in_repair&limit=2';
  const { items } = await contractor.get<{ items: readonly { device: { device_id: string }; troubles: string[] }[] }>(
    path,
  );
  const checks = await contractor.get<{ items: readonly WipeCheck[] }>('/stock/wipes?limit=100');
  for (const [i, { device }] of items.entries()) {
    // Nothing leaves for the repair centre with patients' data on it.
    const check = checks.items.find((open) => open.device.device_id === device.device_id);
    if (check !== undefined) {
      const wiped = { method: 'overwrite', result: 'clean', note: '送修前清除数据', version: check.version };
      await contractor.post(`/stock/wipes/${check.id}/records`, wiped);
    }
    await contractor.post(`/devices/${device.device_id}/repairs`, {
      centre: '厂家维修中心（海口）',
      carrier: '顺丰速运',
      tracking_no: `SF00000000000${i + 1}`,
      warranty: 'in',
      due_on: new Date(nowMs + (i * 9 - 2) * 86_400_000).toISOString().slice(0, 10),
      symptom: '现场更换备用机后退回',
      logistics_fen: 2_500,
    });
  }
}
