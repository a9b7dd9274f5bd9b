import { ApiProblem } from '../../api/problem.ts';
import type { ItemAnswer } from '../useInspections.ts';
import type { DraftAnswer, Photo, Word } from './store.ts';

/** What telling the server needs; the console binds it to the API and to what the phone keeps. */
export interface SyncPorts {
  readonly photo: (key: string) => Promise<Photo | undefined>;
  /** Sends a photo; gives the server's id of it. */
  readonly upload: (taskId: number, photo: Photo) => Promise<number>;
  readonly keepPhoto: (key: string, photo: Photo) => Promise<void>;
  readonly finish: (word: Word, answers: Record<string, ItemAnswer>) => Promise<void>;
  readonly put: (word: Word) => Promise<void>;
  readonly drop: (word: Word) => Promise<void>;
}

export type Outcome = 'told' | 'conflict' | 'refused' | 'later';

/** Codes of "somebody was faster" and "it is not owed any more": nothing that the person could correct. */
const CONFLICTS = ['inspection_done', 'inspection_cancelled', 'not_found'];

/**
 * Tells the server of one finished inspection: its photos first, then the answers that name them. What got lost on the way is tried again
 * later under the same key, so that twice is once; what the server does not take is kept with its reason.
 */
export async function tellWord(word: Word, ports: SyncPorts): Promise<Outcome> {
  try {
    const answers: Record<string, ItemAnswer> = {};
    for (const [id, answer] of Object.entries(word.answers)) answers[id] = await sent(word, answer, ports);
    await ports.finish(word, answers);
    await ports.drop(word);
    return 'told';
  } catch (error) {
    if (!(error instanceof ApiProblem) || isPassing(error)) return 'later';
    const state = CONFLICTS.includes(error.code) ? 'conflict' : 'refused';
    await ports.put({ ...word, state, problem: { code: error.code, detail: error.detail } });
    return state;
  }
}

/** Tells all that wait, in order; ends at the first that the network loses. */
export async function tellAll(words: readonly Word[], ports: SyncPorts): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const word of words.filter(({ state }) => state === 'waiting')) {
    const outcome = await tellWord(word, ports);
    outcomes.push(outcome);
    if (outcome === 'later') break;
  }
  return outcomes;
}

/** No answer, a busy server, or a session that ended: none of it says anything about the inspection. */
function isPassing(problem: ApiProblem): boolean {
  return problem.status === 0 || problem.status === 401 || problem.status === 429 || problem.status >= 500;
}

async function sent(word: Word, { photos, ...answer }: DraftAnswer, ports: SyncPorts): Promise<ItemAnswer> {
  if (photos === undefined || photos.length === 0) return answer;
  const files: number[] = [];
  for (const key of photos) {
    const photo = await ports.photo(key);
    if (photo === undefined) continue;
    const id = photo.fileId ?? (await ports.upload(word.taskId, photo));
    if (photo.fileId === undefined) await ports.keepPhoto(key, { ...photo, fileId: id });
    files.push(id);
  }
  return { ...answer, files: [...new Set(files)] };
}
