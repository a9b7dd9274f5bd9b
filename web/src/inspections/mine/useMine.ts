import { useQueryClient } from '@tanstack/vue-query';
import { createSharedComposable, useIntervalFn, useOnline } from '@vueuse/core';
import { computed, shallowRef, watch } from 'vue';
import { api, data } from '../../api/client.ts';
import { useSession } from '../../app/session.ts';
import type { TaskDetail } from '../useInspections.ts';
import { uploadPhoto } from './photos.ts';
import * as store from './store.ts';
import { type SyncPorts, tellAll } from './sync.ts';

const RETRY_MS = 30_000;

/** The person's own inspections: taken along when there is a network, worked on without, told when it is back. */
export const useMine = createSharedComposable(() => {
  const session = useSession();
  const client = useQueryClient();
  const online = useOnline();
  /** 0: nobody who carries out inspections. */
  const userId = computed(() => (session.can('inspection.do') ? (session.user?.id ?? 0) : 0));
  const kept = shallowRef<store.Kept>();
  const words = shallowRef<readonly store.Word[]>([]);
  const failure = shallowRef<unknown>(null);
  const telling = shallowRef(false);

  /** Tasks to do: those that a word is about are as good as done. */
  const tasks = computed<readonly TaskDetail[]>(() => {
    const said = new Set(words.value.filter(({ state }) => state === 'waiting').map(({ taskId }) => taskId));
    return (kept.value?.items ?? []).filter(({ id }) => !said.has(id));
  });

  async function load(): Promise<void> {
    const id = userId.value;
    if (id === 0) return;
    words.value = await store.words(id);
    kept.value ??= await store.keptMine(id);
    try {
      const answer = await data(api.GET('/api/v1/inspections/mine'));
      kept.value = { ...answer, at: Date.now() };
      failure.value = null;
      await store.keepMine(id, kept.value);
      await store.forgetOthers(id);
    } catch (error) {
      failure.value = error; // what was taken along stays in use
    }
  }

  const ports = (id: number): SyncPorts => ({
    photo: (key) => store.keptPhoto(id, key),
    keepPhoto: (key, photo) => store.keepPhoto(id, key, photo),
    upload: uploadPhoto,
    put: (word) => store.putWord(id, word),
    drop: (word) => store.dropWord(id, word),
    finish: async ({ taskId, clientKey, doneAt, note }, answers) => {
      await api.POST('/api/v1/inspections/{id}/finish', {
        params: { path: { id: taskId } },
        body: { client_key: clientKey, done_at: doneAt, answers, ...(note.trim() === '' ? {} : { note: note.trim() }) },
      });
    },
  });

  /** Tells what waits. */
  async function sync(): Promise<void> {
    const id = userId.value;
    if (telling.value || id === 0) return;
    telling.value = true;
    try {
      words.value = await store.words(id);
      const outcomes = await tellAll(words.value, ports(id));
      const isTold = outcomes.some((outcome) => outcome !== 'later');
      // Until the page knows better, it goes on saying that the word waits: an empty form would look as if all were lost.
      if (isTold) await client.invalidateQueries({ queryKey: ['inspections'] });
      words.value = await store.words(id);
      if (isTold) await load();
    } finally {
      telling.value = false;
    }
  }

  /** Takes a finished inspection: kept first, then told, so that nothing is lost on the way. */
  async function say(word: store.Word): Promise<void> {
    await store.putWord(userId.value, word);
    await sync();
  }
  async function forget(word: store.Word): Promise<void> {
    await store.dropWord(userId.value, word);
    words.value = await store.words(userId.value);
  }

  watch(online, (now) => (now ? void sync() : undefined));
  watch(userId, () => void load().then(sync), { immediate: true });
  useIntervalFn(() => {
    if (words.value.some(({ state }) => state === 'waiting')) void sync();
  }, RETRY_MS);
  return { tasks, words, kept, failure, telling, online, load, sync, say, forget, userId };
});
