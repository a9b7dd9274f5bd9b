import { computed, shallowRef } from 'vue';

/**
 * What is selected in a list: single rows by key, or everything that the filters match (`all`), which is then named by the filter and not by
 * a hundred thousand keys.
 */
export function useSelection() {
  const keys = shallowRef<ReadonlySet<string>>(new Set());
  const all = shallowRef(false);

  function toggle(key: string, on = !keys.value.has(key)): void {
    const next = new Set(keys.value);
    if (on) next.add(key);
    else next.delete(key);
    keys.value = next;
    all.value = false;
  }
  function setMany(many: readonly string[], on: boolean): void {
    const next = new Set(keys.value);
    for (const key of many) {
      if (on) next.add(key);
      else next.delete(key);
    }
    keys.value = next;
    all.value = false;
  }
  function selectAll(): void {
    keys.value = new Set();
    all.value = true;
  }
  function clear(): void {
    keys.value = new Set();
    all.value = false;
  }
  return { keys, all, any: computed(() => all.value || keys.value.size > 0), toggle, setMany, selectAll, clear };
}

export type Selection = ReturnType<typeof useSelection>;
