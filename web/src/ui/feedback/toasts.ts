import { shallowRef } from 'vue';

export interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'failed' | 'note';
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => unknown } | undefined;
}

/** A success says what happened and leaves; a failure stays until it is dismissed. */
const SHOWN_MS = 6_000;

let nextId = 1;
export const toasts = shallowRef<readonly Toast[]>([]);

export function dismissToast(id: number): void {
  toasts.value = toasts.value.filter((t) => t.id !== id);
}

function show(kind: Toast['kind'], text: string, action?: Toast['action']): void {
  const toast = { id: nextId++, kind, text, action };
  toasts.value = [...toasts.value.slice(-3), toast];
  if (kind !== 'failed') setTimeout(() => dismissToast(toast.id), SHOWN_MS);
}

export const toast = {
  done: (text: string, action?: Toast['action']) => show('done', text, action),
  failed: (text: string) => show('failed', text),
  note: (text: string) => show('note', text),
};
