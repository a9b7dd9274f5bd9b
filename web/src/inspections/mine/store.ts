import { createStore, del, delMany, get, keys, set, type UseStore, update } from 'idb-keyval';
import type { ItemAnswer, TaskDetail } from '../useInspections.ts';

/** What a phone keeps of inspections while there is no network. Everything is kept apart by person: phones are shared. */

/** Answers as they are typed; photos are named by their keys here, not yet by ids of the server. */
export type DraftAnswer = Omit<ItemAnswer, 'files' | 'reading_at'> & { photos?: string[]; reading_at?: string };
export interface Draft {
  readonly answers: Record<string, DraftAnswer>;
  readonly note: string;
  /** Empty: the moment at which it is told. Local time of the contract's zone, `2026-03-01T10:00`. */
  readonly doneAt: string;
}
export const EMPTY_DRAFT: Draft = { answers: {}, note: '', doneAt: '' };

/** A finished inspection that the server is to be told of. */
export interface Word {
  readonly clientKey: string;
  readonly taskId: number;
  /** For people: what and where. */
  readonly title: string;
  readonly doneAt: string;
  readonly answers: Record<string, DraftAnswer>;
  readonly note: string;
  readonly state: 'waiting' | 'conflict' | 'refused';
  /** Code and words of the server, of what it did not take. */
  readonly problem?: { readonly code: string; readonly detail: string };
}

export interface Photo {
  readonly blob: Blob;
  readonly name: string;
  /** Id that the server gave it. */
  readonly fileId?: number;
}

export interface Kept {
  readonly items: readonly TaskDetail[];
  readonly more: number;
  readonly at: number;
}

let store: UseStore | undefined;
const db = (): UseStore => {
  store ??= createStore('uptally-inspections', 'kept');
  return store;
};
const keyOf = (userId: number, ...parts: readonly (string | number)[]): string => [userId, ...parts].join('/');

export const keepMine = (userId: number, kept: Kept): Promise<void> => set(keyOf(userId, 'mine'), kept, db());
export const keptMine = (userId: number): Promise<Kept | undefined> => get<Kept>(keyOf(userId, 'mine'), db());

export const keepDraft = (userId: number, taskId: number, draft: Draft): Promise<void> =>
  set(keyOf(userId, 'draft', taskId), draft, db());
export const keptDraft = (userId: number, taskId: number): Promise<Draft | undefined> =>
  get<Draft>(keyOf(userId, 'draft', taskId), db());

export const keepPhoto = (userId: number, key: string, photo: Photo): Promise<void> =>
  set(keyOf(userId, 'photo', key), photo, db());
export const keptPhoto = (userId: number, key: string): Promise<Photo | undefined> =>
  get<Photo>(keyOf(userId, 'photo', key), db());
export const dropPhoto = (userId: number, key: string): Promise<void> => del(keyOf(userId, 'photo', key), db());

export const words = async (userId: number): Promise<readonly Word[]> =>
  (await get<readonly Word[]>(keyOf(userId, 'words'), db())) ?? [];

/** Adds a word, or replaces the one about the same task. */
export const putWord = (userId: number, word: Word): Promise<void> =>
  update<readonly Word[]>(
    keyOf(userId, 'words'),
    (all = []) => [...all.filter(({ taskId }) => taskId !== word.taskId), word],
    db(),
  );

/** Forgets a word with its draft and photos. */
export async function dropWord(userId: number, word: Word): Promise<void> {
  await update<readonly Word[]>(
    keyOf(userId, 'words'),
    (all = []) => all.filter(({ clientKey }) => clientKey !== word.clientKey),
    db(),
  );
  const photos = Object.values(word.answers).flatMap(({ photos = [] }) => photos);
  await delMany([keyOf(userId, 'draft', word.taskId), ...photos.map((key) => keyOf(userId, 'photo', key))], db());
}

/** Forgets everything that is not this person's, for instance of who had the phone before. */
export async function forgetOthers(userId: number): Promise<void> {
  const others = (await keys<string>(db())).filter((key) => !key.startsWith(`${userId}/`) && key.endsWith('/mine'));
  await delMany(others, db());
}
