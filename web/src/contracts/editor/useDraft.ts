import { checkContract, type Flaw } from '@uptally/sla';
import { useDebounceFn } from '@vueuse/core';
import { computed, provide, ref, shallowRef, watch } from 'vue';
import { type Draft, isEntry, plain } from '../terms/document.ts';
import { type Format, read, write } from '../terms/text.ts';
import { EDITOR } from './context.ts';

const CHECK_MS = 200;

/** A document under the pen, as a form and as text at once: whichever side is shown is the one that is typed into. */
export function useDraft(initial: Draft) {
  const draft = ref<Draft>(plain(initial));
  const flaws = shallowRef<readonly Flaw[]>(checkContract(plain(initial)));
  const view = ref<'form' | 'text'>('form');
  const format = ref<Format>('yaml');
  const text = ref('');
  /** False while the text can't be read: then the document is that of before, and must not be kept. */
  const isReadable = ref(true);
  const isChanged = ref(false);
  provide(EDITOR, { draft, flaws });

  const check = useDebounceFn(() => {
    flaws.value = checkContract(plain(draft.value));
  }, CHECK_MS);
  watch(
    draft,
    () => {
      isChanged.value = true;
      void check();
    },
    { deep: true },
  );
  watch(text, (now) => {
    if (view.value !== 'text') return;
    const { value } = read(now);
    isReadable.value = isEntry(value);
    if (isEntry(value) && JSON.stringify(value) !== JSON.stringify(draft.value)) draft.value = value;
  });
  function show(next: 'form' | 'text'): void {
    if (next === 'form' && !isReadable.value) return;
    if (next === 'text') text.value = write(plain(draft.value), format.value);
    view.value = next;
  }
  function setFormat(next: Format): void {
    format.value = next;
    text.value = write(plain(draft.value), next);
  }
  function replace(next: Draft): void {
    draft.value = plain(next);
    text.value = write(next, format.value);
    isReadable.value = true;
  }
  const isSound = computed(() => isReadable.value && flaws.value.length === 0);
  return {
    draft,
    flaws,
    view,
    format,
    text,
    isReadable,
    isChanged,
    isSound,
    show,
    setFormat,
    replace,
    document: () => plain(draft.value),
  };
}
