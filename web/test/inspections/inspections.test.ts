import { describe, expect, it } from 'vitest';
import { ApiProblem } from '../../src/api/problem.ts';
import { monthAfter, weeksOf } from '../../src/inspections/calendar/months.ts';
import { newClientKey } from '../../src/inspections/mine/clientKey.ts';
import type { Photo, Word } from '../../src/inspections/mine/store.ts';
import { type SyncPorts, tellAll } from '../../src/inspections/mine/sync.ts';
import { doneAtOf, isAnswered, prefilled } from '../../src/inspections/mine/useDraft.ts';
import { emptyForm, freshId, inputOf } from '../../src/inspections/plans/planForm.ts';
import { recentPeriods } from '../../src/inspections/rate/periods.ts';
import type { ItemAnswer } from '../../src/inspections/useInspections.ts';

const word = (taskId: number, changes: Partial<Word> = {}): Word => ({
  clientKey: `key-${taskId}`,
  taskId,
  title: '',
  doneAt: '2026-03-01T02:00:00.000Z',
  answers: { cable: { result: 'fault', photos: ['p1', 'p2'] } },
  note: '',
  state: 'waiting',
  ...changes,
});

/** A phone and a server of one's own: what is kept, what was told. `fail` says how the server answers a task. */
function phone(fail: (taskId: number, step: 'upload' | 'finish') => ApiProblem | null) {
  const photos = new Map<string, Photo>(
    ['p1', 'p2'].map((key) => [key, { blob: new Blob([key]), name: `${key}.jpg` }]),
  );
  const told: { word: Word; answers: Record<string, ItemAnswer> }[] = [];
  const kept = new Map<number, Word>();
  let uploads = 0;
  const ports: SyncPorts = {
    photo: async (key) => photos.get(key),
    keepPhoto: async (key, photo) => void photos.set(key, photo),
    upload: async (taskId) => {
      const problem = fail(taskId, 'upload');
      if (problem) throw problem;
      return ++uploads + 100;
    },
    finish: async (said, answers) => {
      const problem = fail(said.taskId, 'finish');
      if (problem) throw problem;
      told.push({ word: said, answers });
    },
    put: async (said) => void kept.set(said.taskId, said),
    drop: async (said) => void kept.delete(said.taskId),
  };
  return { ports, told, kept, uploads: () => uploads };
}

describe('what was done without a network', () => {
  it('is told with its photos, which the answers then name by the ids of the server', async () => {
    const { ports, told } = phone(() => null);
    expect(await tellAll([word(1)], ports)).toEqual(['told']);
    expect(told[0]?.answers).toEqual({ cable: { result: 'fault', files: [101, 102] } });
  });

  it('waits for the network, and sends no photo twice', async () => {
    let isDown = true;
    const { ports, told, uploads } = phone((_, step) => (step === 'finish' && isDown ? new ApiProblem(0, null) : null));
    expect(await tellAll([word(1), word(2)], ports)).toEqual(['later']);
    isDown = false;
    expect(await tellAll([word(1), word(2)], ports)).toEqual(['told', 'told']);
    expect([told.length, uploads()]).toEqual([2, 2]);
  });

  it('says who was faster, keeps what the server refuses, and goes on with the others', async () => {
    const problems: Record<number, ApiProblem> = {
      1: new ApiProblem(409, { code: 'inspection_done', detail: 'Carried out by B' }),
      2: new ApiProblem(422, { code: 'inspection_incomplete', detail: '/body/answers/x is required' }),
    };
    const { ports, told, kept } = phone((taskId) => problems[taskId] ?? null);
    const bare = { answers: {} };
    expect(await tellAll([word(1, bare), word(2, bare), word(3, bare)], ports)).toEqual([
      'conflict',
      'refused',
      'told',
    ]);
    expect(kept.get(1)).toMatchObject({
      state: 'conflict',
      problem: { code: 'inspection_done', detail: 'Carried out by B' },
    });
    expect(kept.get(2)).toMatchObject({ state: 'refused' });
    expect(told.map((each) => each.word.taskId)).toEqual([3]);
  });

  it('is left alone once it was refused, and outlives a session that ended', async () => {
    const { ports, kept } = phone(() => new ApiProblem(401, { code: 'unauthenticated' }));
    expect(await tellAll([word(1, { state: 'refused' }), word(2)], ports)).toEqual(['later']);
    expect(kept.size).toBe(0);
  });

  it('has a key of its own', () => {
    expect(newClientKey()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(newClientKey()).not.toBe(newClientKey());
  });
});

describe('a draft', () => {
  const task = {
    checklist: [{ id: 'cpu', zh: '', en: '', kind: 'reading' as const, required: true, metric: 'cpu_pct' as const }],
    stations: [
      {
        station: { id: 1, code: 'S', name: 'S' },
        device_id: null,
        online: true,
        heard_at: null,
        faulty_parts: [],
        readings: [{ station_id: 1, metric: 'cpu_pct' as const, value: 12.5, at: '2026-03-01T00:00:00Z' }],
      },
    ],
  };

  it('takes readings from telemetry, but not over what somebody wrote', () => {
    const empty = { answers: {}, note: '', doneAt: '' };
    expect(prefilled(task, empty).answers).toEqual({ cpu: { value: 12.5, reading_at: '2026-03-01T00:00:00Z' } });
    const written = { ...empty, answers: { cpu: { value: 3 } } };
    expect(prefilled(task, written)).toEqual(written);
    expect(prefilled({ ...task, stations: [] }, empty)).toEqual(empty);
  });

  it('is done now unless a time of the contract’s zone is given', () => {
    const at = (doneAt: string) => doneAtOf({ answers: {}, note: '', doneAt }, 'Asia/Shanghai', Date.UTC(2026, 3, 2));
    expect([at(''), at('2026-03-31T10:00'), at('nonsense')]).toEqual([
      '2026-04-02T00:00:00.000Z',
      '2026-03-31T02:00:00.000Z',
      '2026-04-02T00:00:00.000Z',
    ]);
  });

  it('is answered by what its kind asks for; zero is a reading', () => {
    expect(isAnswered({ kind: 'reading' }, { value: 0 })).toBe(true);
    expect(isAnswered({ kind: 'ok_fault' }, { text: 'ok' })).toBe(false);
    expect(isAnswered({ kind: 'photo' }, { photos: [] })).toBe(false);
  });
});

describe('calendars', () => {
  it('show whole weeks, Monday first', () => {
    const weeks = weeksOf('2026-02');
    expect(weeks).toHaveLength(5);
    expect(weeks[0]?.[0]).toEqual({ day: '2026-01-26', inMonth: false });
    expect(weeks.at(-1)?.at(-1)).toEqual({ day: '2026-03-01', inMonth: false });
    expect(weeksOf('2027-02')).toHaveLength(4); // begins on a Monday
    expect(weeksOf('2026-08')).toHaveLength(6);
  });

  it('turn over the year', () => {
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
    expect(recentPeriods('2026-02-03').slice(0, 3)).toEqual(['2026-Q1', '2025-Q4', '2025-Q3']);
  });
});

describe('the form of a plan', () => {
  const item = { id: 'item_1', zh: '线缆', en: '', kind: 'ok_fault' as const, required: true };
  const form = { ...emptyForm(3, '2026-03-10', [item]), name: ' 月检 ' };

  it('is a plan once it has name and days; one language stands for both', () => {
    expect(inputOf({ ...form, name: ' ' })).toBeNull();
    expect(inputOf({ ...form, checklist: [] })).toBeNull();
    expect(inputOf({ ...form, assignees: [{ region: 2, user: null }] })).toMatchObject({
      contract_id: 3,
      name: '月检',
      first_day: '2026-03-01',
      last_day: null,
      assignees: [],
      checklist: [{ zh: '线缆', en: '线缆' }],
    });
  });

  it('names a new item as no other', () => {
    expect(freshId([{ id: 'item_2' }])).toBe('item_3');
    expect(freshId([{ id: 'a' }, { id: 'item_3' }])).toBe('item_4');
  });
});
