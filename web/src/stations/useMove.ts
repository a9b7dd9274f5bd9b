import { computed, type Ref, reactive, watch } from 'vue';
import { idempotencyKey } from '../api/client.ts';
import { fromLocalInput } from '../format/time.ts';
import { useFaults } from '../ui/forms/useFaults.ts';

export const LEAVING = ['in_repair', 'in_stock', 'retired'] as const;
export type Leaving = (typeof LEAVING)[number];

/** What every move of a device needs: why, when (now, unless it was noted down later), and one key per opening of its dialog. */
export function useMove(open: Ref<boolean>) {
  const faults = useFaults();
  const fresh = () => ({ device: '', reason: '', at: '', leaving: 'in_repair' as Leaving });
  const form = reactive(fresh());
  let key = idempotencyKey();
  watch(open, (now) => {
    if (!now) return;
    faults.reset();
    Object.assign(form, fresh());
    key = idempotencyKey();
  });
  /** Another wish than the refused one is another request. */
  watch(form, () => {
    key = idempotencyKey();
  });
  const told = computed(() => form.reason.trim() !== '');
  const body = () => ({ reason: form.reason.trim(), ...(form.at ? { at: fromLocalInput(form.at) } : {}) });
  return { form, told, body, headers: () => ({ 'Idempotency-Key': key }), ...faults };
}
