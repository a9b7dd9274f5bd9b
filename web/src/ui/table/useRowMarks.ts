import { onScopeDispose, shallowRef } from 'vue';

const MARK_MS = 6_000;

/** Rows that have just changed by a live message: marked for some seconds, never moved under the reader's cursor. */
export function useRowMarks() {
  const marked = shallowRef<ReadonlySet<string>>(new Set());
  const timers = new Map<string, ReturnType<typeof setTimeout>>();

  function mark(key: string): void {
    clearTimeout(timers.get(key));
    marked.value = new Set(marked.value).add(key);
    timers.set(
      key,
      setTimeout(() => {
        timers.delete(key);
        const next = new Set(marked.value);
        next.delete(key);
        marked.value = next;
      }, MARK_MS),
    );
  }
  onScopeDispose(() => {
    for (const timer of timers.values()) clearTimeout(timer);
  });
  return { marked, mark };
}
