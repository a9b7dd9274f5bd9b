import { useDebounceFn } from '@vueuse/core';
import { computed, onScopeDispose, type Ref, ref, shallowRef, watch } from 'vue';
import { instantIn } from '../../format/zones.ts';
import type { ChecklistItem, TaskDetail } from '../useInspections.ts';
import { shrink } from './photos.ts';
import {
  type Draft,
  type DraftAnswer,
  dropPhoto,
  EMPTY_DRAFT,
  keepDraft,
  keepPhoto,
  keptDraft,
  keptPhoto,
} from './store.ts';

const REST_MS = 400;

/** True if the answer says what its kind of item asks for; the server asks the same. */
export function isAnswered({ kind }: Pick<ChecklistItem, 'kind'>, answer: DraftAnswer | undefined): boolean {
  if (kind === 'ok_fault') return answer?.result !== undefined;
  if (kind === 'reading') return answer?.value !== undefined;
  if (kind === 'text') return (answer?.text ?? '').trim() !== '';
  return (answer?.photos?.length ?? 0) > 0;
}

/** Readings of telemetry as answers, where there is one station and nobody has written anything else. */
export function prefilled(task: Pick<TaskDetail, 'checklist' | 'stations'>, draft: Draft): Draft {
  const [only, ...others] = task.stations;
  if (only === undefined || others.length > 0) return draft;
  const answers = { ...draft.answers };
  for (const { id, metric } of task.checklist) {
    const reading = only.readings.find((each) => each.metric === metric);
    if (metric === undefined || reading === undefined || answers[id] !== undefined) continue;
    answers[id] = { value: reading.value, reading_at: reading.at };
  }
  return { ...draft, answers };
}

/** When it was carried out, RFC 3339: as typed in the contract's zone, else now. */
export function doneAtOf(draft: Draft, zone: string, nowMs: number): string {
  const typed = draft.doneAt === '' ? Number.NaN : instantIn(zone, draft.doneAt);
  return new Date(Number.isFinite(typed) ? typed : nowMs).toISOString();
}

/** The answers to one inspection, kept on the phone while they are typed. */
export function useDraft(userId: Ref<number>, task: Ref<TaskDetail | undefined>) {
  const draft = ref<Draft>(EMPTY_DRAFT);
  const previews = shallowRef<Readonly<Record<string, string>>>({});
  const ready = ref(false);
  const keep = useDebounceFn(async () => {
    const id = task.value?.id;
    if (id !== undefined && ready.value) await keepDraft(userId.value, id, JSON.parse(JSON.stringify(draft.value)));
  }, REST_MS);

  watch(
    () => task.value?.id,
    async (id) => {
      ready.value = false;
      if (id === undefined || task.value === undefined) return;
      draft.value = prefilled(task.value, (await keptDraft(userId.value, id)) ?? EMPTY_DRAFT);
      ready.value = true;
      for (const { photos = [] } of Object.values(draft.value.answers)) for (const key of photos) await show(key);
    },
    { immediate: true },
  );
  async function show(key: string): Promise<void> {
    const photo = await keptPhoto(userId.value, key);
    if (photo !== undefined) previews.value = { ...previews.value, [key]: URL.createObjectURL(photo.blob) };
  }
  function change(changes: Partial<Draft>): void {
    draft.value = { ...draft.value, ...changes };
    void keep();
  }
  function answer(id: string, given: DraftAnswer): void {
    change({ answers: { ...draft.value.answers, [id]: given } });
  }
  async function addPhotos(id: string, files: readonly File[]): Promise<void> {
    for (const file of files) {
      const key = crypto.getRandomValues(new Uint32Array(4)).join('-');
      await keepPhoto(userId.value, key, await shrink(file));
      await show(key);
      const before = draft.value.answers[id] ?? {};
      answer(id, { ...before, photos: [...(before.photos ?? []), key] });
    }
  }
  async function removePhoto(id: string, key: string): Promise<void> {
    const before = draft.value.answers[id] ?? {};
    answer(id, { ...before, photos: (before.photos ?? []).filter((each) => each !== key) });
    await dropPhoto(userId.value, key);
  }
  const missing = computed(
    () =>
      task.value?.checklist.filter((item) => item.required && !isAnswered(item, draft.value.answers[item.id])) ?? [],
  );
  onScopeDispose(() => {
    for (const url of Object.values(previews.value)) URL.revokeObjectURL(url);
  });
  return { draft, previews, ready, missing, change, answer, addPhotos, removePhoto };
}
