import { useElementSize, useEventListener } from '@vueuse/core';
import { computed, type MaybeRefOrGetter, type Ref, shallowRef, toValue, watch } from 'vue';
import { nearEnd, scrollToRow, visibleSlice } from './virtual.ts';

export interface VirtualOptions {
  readonly scroller: Ref<HTMLElement | null>;
  readonly count: MaybeRefOrGetter<number>;
  readonly rowPx: MaybeRefOrGetter<number>;
  /** Height of the sticky head within the scroller. */
  readonly headPx: MaybeRefOrGetter<number>;
  readonly onNearEnd: () => void;
}

/** Draws only the rows in view: a list of 100,000 rows costs what the screen shows. */
export function useVirtualRows(options: VirtualOptions) {
  const { height } = useElementSize(options.scroller);
  const scrollTop = shallowRef(0);
  useEventListener(
    options.scroller,
    'scroll',
    () => {
      scrollTop.value = options.scroller.value?.scrollTop ?? 0;
    },
    { passive: true },
  );

  const viewportPx = computed(() => Math.max(0, height.value - toValue(options.headPx)));
  const slice = computed(() =>
    visibleSlice(scrollTop.value, viewportPx.value, toValue(options.rowPx), toValue(options.count)),
  );
  watch([slice, () => toValue(options.count)], ([now, count]) => {
    if (viewportPx.value > 0 && nearEnd(now, count)) options.onNearEnd();
  });

  function reveal(index: number): void {
    const el = options.scroller.value;
    if (el) el.scrollTop = scrollToRow(index, el.scrollTop, viewportPx.value, toValue(options.rowPx));
  }
  function toTop(): void {
    if (options.scroller.value) options.scroller.value.scrollTop = 0;
  }
  return {
    slice,
    reveal,
    toTop,
    pageRows: computed(() => Math.max(1, Math.floor(viewportPx.value / toValue(options.rowPx)) - 1)),
  };
}
