import { type MaybeRefOrGetter, ref, toValue } from 'vue';
import { moveByKey } from './virtual.ts';

export interface TableKeysOptions {
  readonly count: MaybeRefOrGetter<number>;
  readonly pageRows: MaybeRefOrGetter<number>;
  readonly reveal: (index: number) => void;
  readonly open: (index: number) => void;
  readonly select: (index: number) => void;
}

/** Drives a table by keys: arrows, j/k, page and end keys move the active row, Enter opens it, Space or x selects it. */
export function useTableKeys(options: TableKeysOptions) {
  const active = ref(-1);

  function onKeydown(event: KeyboardEvent): void {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), textarea, button');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const moved = moveByKey(event.key, active.value, toValue(options.count), toValue(options.pageRows));
    if (moved !== undefined) {
      active.value = moved;
      options.reveal(moved);
    } else if (event.key === 'Enter' && active.value >= 0) options.open(active.value);
    else if ((event.key === ' ' || event.key === 'x') && active.value >= 0) options.select(active.value);
    else return;
    event.preventDefault();
  }
  return { active, onKeydown };
}
