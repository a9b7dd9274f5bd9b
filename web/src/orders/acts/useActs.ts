import { createSharedComposable, useIntervalFn, useOnline } from '@vueuse/core';
import { computed, ref, watch } from 'vue';
import { idempotencyKey } from '../../api/client.ts';
import { useSession } from '../../app/session.ts';
import type { Order } from '../useOrders.ts';
import { useOrdersChanged } from '../useOrders.ts';
import { useOrderWords } from '../useOrderWords.ts';
import { sendAct, sendAll } from './send.ts';
import { dropAct, putAct, readActs, type WaitingAct } from './store.ts';

const RETRY_MS = 15_000;

/** Acts on orders that survive a cellar without signal: kept on the phone first, sent when it can be, shown as waiting until then. */
export const useActs = createSharedComposable(() => {
  const session = useSession();
  const changed = useOrdersChanged();
  const words = useOrderWords();
  const online = useOnline();
  const acts = ref<readonly WaitingAct[]>([]);
  const userId = computed(() => session.user?.id ?? 0);
  let running: Promise<void> = Promise.resolve();

  async function read(): Promise<void> {
    acts.value = userId.value === 0 ? [] : await readActs(userId.value);
  }
  function flush(): Promise<void> {
    running = running.then(async () => {
      await read();
      const before = acts.value.length;
      if (before === 0 || !online.value) return;
      const id = userId.value;
      await sendAll(acts.value, { send: sendAct, drop: (key) => dropAct(id, key), put: (act) => putAct(id, act) });
      await read();
      if (acts.value.length < before) await changed();
    });
    return running;
  }
  type Wish = Pick<WaitingAct, 'act' | 'path' | 'body'> & Partial<Pick<WaitingAct, 'photo'>>;
  /** Keeps the act, tries to send it, and says whether it has arrived. */
  async function doIt(
    order: Pick<Order, 'id' | 'number' | 'title' | 'cause' | 'reason'>,
    wish: Wish,
  ): Promise<boolean> {
    const key = idempotencyKey();
    const title = `${order.number} ${words.title(order)}`;
    const base = { key, orderId: order.id, title, at: Date.now(), state: 'waiting' as const, photo: null };
    await putAct(userId.value, { ...base, ...wish });
    await flush();
    return !acts.value.some((each) => each.key === key);
  }
  async function forget(key: string): Promise<void> {
    await dropAct(userId.value, key);
    await flush();
    await changed();
  }
  const of = (orderId: number) => acts.value.filter((act) => act.orderId === orderId);

  watch([online, userId], () => void flush(), { immediate: true });
  useIntervalFn(() => (acts.value.some(({ state }) => state === 'waiting') ? void flush() : undefined), RETRY_MS);
  return { acts, of, online, doIt, forget, flush };
});
