import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { type Answer, api, data, whenSignedOut } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { closeRealtime } from '../realtime/useRooms.ts';

export type SessionInfo = Answer<'/api/v1/session'>;
export type Action = SessionInfo['actions'][number];

export interface Credentials {
  readonly login: string;
  readonly password: string;
  readonly totp?: string;
}

/** Who is signed in and what they may do. The server decides about every act; this only keeps buttons away that would be refused. */
export const useSession = defineStore('session', () => {
  const info = shallowRef<SessionInfo | null>(null);
  let first: Promise<void> | undefined;

  const user = computed(() => info.value?.user ?? null);
  const orgName = computed(() => info.value?.user.org.name ?? '');
  const mustSetUp = computed(
    () => info.value !== null && (info.value.setup_needed || info.value.user.must_change_password),
  );

  whenSignedOut(() => {
    if (info.value === null) return;
    info.value = null;
    void closeRealtime();
    // The page keeps what was typed as long as nobody leaves it: the sign-in comes by the next navigation or this one.
    window.dispatchEvent(new Event('uptally:signed-out'));
  });

  async function load(): Promise<void> {
    try {
      info.value = await data(api.GET('/api/v1/session'));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      info.value = null;
    }
  }

  /** Resolves once it is known whether somebody is signed in. A failed attempt may be repeated. */
  function ready(): Promise<void> {
    first ??= load().catch((error: unknown) => {
      first = undefined;
      throw error;
    });
    return first;
  }

  async function login(credentials: Credentials): Promise<void> {
    await data(api.POST('/api/v1/session', { body: { ...credentials } }));
    await load();
  }

  async function logout(): Promise<void> {
    await api.DELETE('/api/v1/session');
    info.value = null;
    await closeRealtime();
  }

  const can = (action: Action): boolean =>
    (info.value?.actions as readonly string[] | undefined)?.includes(action) === true;

  return { info, user, orgName, mustSetUp, ready, load, login, logout, can };
});
