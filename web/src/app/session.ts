import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { type Answer, api, data, forgetAsked, whenSignedOut } from '../api/client.ts';
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
  /** For the next start: whoever is signed out is asked to sign in before anything is loaded. */
  const kept = useLocalStorage('uptally.session', { signedOut: false });

  const user = computed(() => info.value?.user ?? null);
  const orgName = computed(() => info.value?.user.org.name ?? '');
  /** The first run is finished by an administrator; nobody else can. */
  const mustSetUp = computed(() => {
    if (info.value === null) return false;
    const { setup_needed, user } = info.value;
    return user.must_change_password || (setup_needed && user.role === 'admin');
  });

  /** Why it could not be found out who is signed in: the server is not there. */
  const failure = shallowRef<unknown>(null);
  /** True when the server ended the session by itself; the sign-in page says so and comes back. */
  const ended = shallowRef(false);

  whenSignedOut(() => {
    if (info.value === null) return;
    info.value = null;
    ended.value = true;
    void closeRealtime();
  });

  async function load(): Promise<void> {
    try {
      info.value = await data(api.GET('/api/v1/session'));
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error;
      info.value = null;
      forgetAsked();
    }
    kept.value = { signedOut: info.value === null };
  }

  /** Resolves once it is known whether somebody is signed in, or that this can't be known now (`failure`). */
  function ready(): Promise<void> {
    first ??= load().then(
      () => {
        failure.value = null;
      },
      (error: unknown) => {
        failure.value = error;
        first = undefined;
      },
    );
    return first;
  }

  async function login(credentials: Credentials): Promise<void> {
    await data(api.POST('/api/v1/session', { body: { ...credentials } }));
    await load();
    ended.value = false;
  }

  async function logout(): Promise<void> {
    await api.DELETE('/api/v1/session');
    info.value = null;
    kept.value = { signedOut: true };
    await closeRealtime();
  }

  const can = (action: Action): boolean =>
    (info.value?.actions as readonly string[] | undefined)?.includes(action) === true;

  return { info, failure, ended, user, orgName, mustSetUp, ready, load, login, logout, can };
});
