import { createStore, get, type UseStore, update } from 'idb-keyval';

/** What was done on site and has not reached the server yet. Kept apart by person: phones are shared. */
export interface WaitingAct {
  /** Idempotency-Key: sent twice it is still once. */
  readonly key: string;
  readonly orderId: number;
  /** For people: `W-000123 打印机缺纸`. */
  readonly title: string;
  /** `arrive`, `photo`, ... */
  readonly act: string;
  /** Below `/api/v1/orders/<id>/`. */
  readonly path: string;
  /** Null: the act is a photo. */
  readonly body: object | null;
  readonly photo: { readonly blob: Blob; readonly name: string } | null;
  /** When it was done, Unix ms. */
  readonly at: number;
  readonly state: 'waiting' | 'refused';
  /** Code of what the server said against it. */
  readonly problem?: string;
}

let store: UseStore | undefined;
const db = (): UseStore => {
  store ??= createStore('uptally-orders', 'acts');
  return store;
};
const keyOf = (userId: number) => `${userId}/acts`;

export const readActs = async (userId: number): Promise<readonly WaitingAct[]> =>
  (await get<readonly WaitingAct[]>(keyOf(userId), db())) ?? [];

/** Adds an act at the end, or replaces the one of the same key. */
export const putAct = (userId: number, act: WaitingAct): Promise<void> =>
  update<readonly WaitingAct[]>(
    keyOf(userId),
    (all = []) =>
      all.some(({ key }) => key === act.key) ? all.map((each) => (each.key === act.key ? act : each)) : [...all, act],
    db(),
  );

export const dropAct = (userId: number, key: string): Promise<void> =>
  update<readonly WaitingAct[]>(keyOf(userId), (all = []) => all.filter((each) => each.key !== key), db());
