import { expect, test } from 'vitest';
import { ApiProblem } from '../../src/api/problem.ts';
import { sendAll } from '../../src/orders/acts/send.ts';
import type { WaitingAct } from '../../src/orders/acts/store.ts';

const act = (key: string, orderId: number, changes: Partial<WaitingAct> = {}): WaitingAct => ({
  key,
  orderId,
  title: 'W-000001',
  act: 'arrive',
  path: 'steps',
  body: {},
  photo: null,
  at: 0,
  state: 'waiting',
  ...changes,
});

/** Sends through a network that answers as told, by key; the rest is taken. */
async function run(acts: readonly WaitingAct[], answers: Readonly<Record<string, ApiProblem>> = {}) {
  const sent: string[] = [];
  const kept = new Map(acts.map((each) => [each.key, each]));
  await sendAll(acts, {
    send: async ({ key }) => {
      sent.push(key);
      const problem = answers[key];
      if (problem !== undefined) throw problem;
    },
    drop: async (key) => void kept.delete(key),
    put: async (each) => void kept.set(each.key, each),
  });
  return { sent, kept: [...kept.values()].map(({ key, state, problem }) => [key, state, problem]) };
}

test('acts are sent in the order in which they were done, and forgotten once they have arrived', async () => {
  expect(await run([act('a', 1), act('b', 2), act('c', 1)])).toEqual({ sent: ['a', 'b', 'c'], kept: [] });
});

test('the first that the network loses ends it; all of it is tried again later', async () => {
  const lost = new ApiProblem(0, null);
  expect(await run([act('a', 1), act('b', 2)], { a: lost })).toEqual({
    sent: ['a'],
    kept: [['a', 'waiting', undefined], ['b', 'waiting', undefined]],
  }); // biome-ignore format: one list
});

test('what is refused stays with its reason, and what follows of the same order waits', async () => {
  const refused = new ApiProblem(409, { code: 'order_state' });
  expect(await run([act('a', 1), act('b', 1), act('c', 2)], { a: refused })).toEqual({
    sent: ['a', 'c'],
    kept: [['a', 'refused', 'order_state'], ['b', 'waiting', undefined]],
  }); // biome-ignore format: one list
});

test('a session that ended, or an answer that is not known yet, says nothing about the act', async () => {
  for (const problem of [new ApiProblem(401, null), new ApiProblem(409, { code: 'request_in_progress' })]) {
    expect((await run([act('a', 1)], { a: problem })).kept).toEqual([['a', 'waiting', undefined]]);
  }
});
