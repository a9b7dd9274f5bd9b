import type { Flaw } from '@uptally/sla';
import { type InjectionKey, inject, type Ref } from 'vue';
import type { Draft } from '../terms/document.ts';

export interface EditorContext {
  readonly draft: Ref<Draft>;
  readonly flaws: Ref<readonly Flaw[]>;
}
export const EDITOR: InjectionKey<EditorContext> = Symbol('contract editor');

/** The document that is edited, for the fields deep inside its form. */
export function useEditor(): EditorContext {
  const context = inject(EDITOR);
  if (context === undefined) throw new Error('no contract is edited here');
  return context;
}
