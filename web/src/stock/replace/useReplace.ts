import { useQuery } from '@tanstack/vue-query';
import { computed, type Ref, reactive, watch } from 'vue';
import { api, data, idempotencyKey } from '../../api/client.ts';
import { fromLocalInput } from '../../format/time.ts';
import { useFaults } from '../../ui/forms/useFaults.ts';
import type { Replacement, WipeMethod } from '../useStock.ts';

export interface ReplaceForm {
  /** Serial of the spare, chosen or typed. */
  spare: string;
  /** Id of the order that it is done for; empty: none. */
  order: string;
  reason: string;
  at: string;
  leaving: 'in_repair' | 'in_stock';
  /** How the old device was wiped on the spot; empty: it was not. */
  wipe: WipeMethod | '';
}

const fresh = (): ReplaceForm => ({ spare: '', order: '', reason: '', at: '', leaving: 'in_repair', wipe: '' });

/** The order that is meant when the dialog opens: the one that it was opened from, or the only open one. */
export function presetOrder(orders: Replacement['orders'], asked: number | undefined): string {
  if (asked !== undefined) return String(asked);
  return orders.length === 1 ? String(orders[0]?.id ?? '') : '';
}

/** The body of the request. `seen`: the device that the person saw there. */
export function replaceBody(form: ReplaceForm, seen: string, from: { readonly elsewhere: boolean }) {
  return {
    spare: form.spare.trim(),
    old_device_id: seen,
    old_lifecycle: form.leaving,
    reason: form.reason.trim(),
    ...(form.at ? { at: fromLocalInput(form.at) } : {}),
    ...(form.order ? { work_order_id: Number(form.order) } : {}),
    ...(from.elsewhere ? { from_elsewhere: true } : {}),
    ...(form.wipe ? { wipe: { method: form.wipe, result: 'clean' as const } } : {}),
  };
}

/** What replacing the device of a station needs, from the opening of its dialog to the request. */
export function useReplace(open: Ref<boolean>, stationId: () => number, orderId: () => number | undefined) {
  const faults = useFaults();
  const form = reactive(fresh());
  let key = idempotencyKey();
  const query = useQuery({
    queryKey: computed(() => ['stock', 'replacement', stationId()]),
    queryFn: ({ signal }) =>
      data(api.GET('/api/v1/stations/{id}/replacement', { params: { path: { id: stationId() } }, signal })),
    enabled: open,
    staleTime: 0,
  });
  watch(open, (now) => {
    if (!now) return;
    faults.reset();
    Object.assign(form, fresh());
    void query.refetch();
  });
  watch(
    () => query.data.value?.orders,
    (orders) => {
      if (orders && form.order === '') form.order = presetOrder(orders, orderId());
    },
  );
  /** Another wish than the refused one is another request. */
  watch(form, () => {
    key = idempotencyKey();
  });
  const chosen = computed(() => query.data.value?.spares.find((s) => s.device.serial === form.spare.trim()));
  const elsewhere = computed(() => chosen.value !== undefined && !chosen.value.here);
  async function send(): Promise<void> {
    const seen = query.data.value?.old?.device_id;
    if (seen === undefined) return;
    const params = { path: { id: stationId() } };
    const body = replaceBody(form, seen, { elsewhere: elsewhere.value });
    const headers = { 'Idempotency-Key': key };
    try {
      await faults.attempt(() => api.POST('/api/v1/stations/{id}/replace', { params, body, headers }));
    } catch (error) {
      void query.refetch(); // somebody may have been faster: show what stands there now
      throw error;
    }
  }
  const told = computed(() => form.spare.trim() !== '' && form.reason.trim() !== '' && query.data.value?.old != null);
  return { form, query, chosen, elsewhere, told, send, fault: faults.fault };
}
