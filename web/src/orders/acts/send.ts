import { ApiProblem } from '../../api/problem.ts';
import type { WaitingAct } from './store.ts';

/** Sends one act. @throws ApiProblem; status 0: the network */
export async function sendAct(act: WaitingAct): Promise<void> {
  const form = new FormData();
  if (act.photo !== null) form.append('file', act.photo.blob, act.photo.name);
  const response = await fetch(`/api/v1/orders/${act.orderId}/${act.path}`, {
    method: 'POST',
    credentials: 'same-origin',
    ...(act.photo !== null
      ? { body: form }
      : {
          headers: { 'content-type': 'application/json', 'idempotency-key': act.key },
          body: JSON.stringify(act.body ?? {}),
        }),
  }).catch((cause: unknown) => {
    throw new ApiProblem(0, null, { cause });
  });
  if (!response.ok) throw new ApiProblem(response.status, await response.json().catch(() => null));
}

export interface SendPorts {
  readonly send: (act: WaitingAct) => Promise<void>;
  readonly drop: (key: string) => Promise<void>;
  readonly put: (act: WaitingAct) => Promise<void>;
}

/**
 * Sends what waits, in the order in which it was done. It ends at the first that the network loses; what the server refuses is kept with its
 * reason, and what follows of the same order waits until somebody has looked at it.
 */
export async function sendAll(acts: readonly WaitingAct[], ports: SendPorts): Promise<void> {
  const stuck = new Set(acts.filter(({ state }) => state === 'refused').map(({ orderId }) => orderId));
  for (const act of acts) {
    if (act.state !== 'waiting' || stuck.has(act.orderId)) continue;
    try {
      await ports.send(act);
      await ports.drop(act.key);
    } catch (error) {
      if (!(error instanceof ApiProblem) || isPassing(error)) return;
      await ports.put({ ...act, state: 'refused', problem: error.code });
      stuck.add(act.orderId);
    }
  }
}

/** No answer, a busy server, or a session that ended: none of it says anything about the act. */
function isPassing({ status, code }: ApiProblem): boolean {
  return status === 0 || status === 401 || status === 429 || status >= 500 || code === 'request_in_progress';
}
