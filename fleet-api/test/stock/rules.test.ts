import { describe, expect, it } from 'vitest';
import { bestFirst, fitOf, refuseSpare, type Spare, type Wanted } from '../../src/stock/replace/rules.ts';

const spare = (changes: Partial<Spare> = {}): Spare => ({
  serial: 'SN1',
  lifecycle: 'in_stock',
  model_id: 1,
  org_id: null,
  store: 7,
  stands_at: null,
  is_away: false,
  ...changes,
});
const wanted = (changes: Partial<Wanted> = {}): Wanted => ({
  model_id: 1,
  standIns: new Set([2]),
  org_id: 5,
  store: 7,
  fromElsewhere: false,
  isReturn: false,
  ...changes,
});

describe('how a model stands to another', () => {
  it.each([
    [1, 1, 'same'],
    [1, 2, 'compatible'],
    [1, 3, 'other'],
    [null, 3, 'unknown'],
    [1, null, 'unknown'],
  ])('%s replaced by %s: %s', (model, other, fit) => {
    expect(fitOf(model, other, new Set([2]))).toBe(fit);
  });

  it('is not mutual: a stand-in may do more than what it replaces', () => {
    expect(fitOf(2, 1, new Set())).toBe('other');
  });
});

describe('a spare', () => {
  it.each<[string, Partial<Spare>, Partial<Wanted>, string | null]>([
    ['of the same model', {}, {}, null],
    ['of a model that may stand in', { model_id: 2 }, {}, null],
    ['of the same contractor', { org_id: 5 }, {}, null],
    ['from elsewhere, as told', { store: 8 }, { fromElsewhere: true }, null],
    ['of another model that stood here before', { model_id: 3 }, { isReturn: true }, null],
    ['that stands elsewhere', { stands_at: 'S-1', lifecycle: 'in_service' }, {}, 'device_installed'],
    ['that is retired', { lifecycle: 'retired' }, {}, 'device_retired'],
    ['that is with the repair centre', { lifecycle: 'in_repair', is_away: true }, {}, 'repair_open'],
    ['that is broken', { lifecycle: 'in_repair' }, {}, 'not_in_stock'],
    ['of another contractor', { org_id: 6 }, {}, 'spare_of_other_contractor'],
    ['of another store', { store: 8 }, {}, 'spare_elsewhere'],
    ['that is kept nowhere', { store: null }, {}, 'spare_elsewhere'],
    ['of another model', { model_id: 3 }, {}, 'spare_incompatible'],
  ])('%s: %s', (_case, change, want, code) => {
    expect(refuseSpare(spare(change), wanted(want))?.code ?? null).toBe(code);
  });
});

it('offers what one would take first, and mutates nothing', () => {
  const one = (name: string, here: boolean, wiped: boolean, sound: boolean, fit: 'same' | 'compatible') =>
    ({ name, here, wiped, sound, fit }) as const;
  const spares = [
    one('far', false, true, true, 'same'),
    one('unwiped', true, false, true, 'same'),
    one('sick', true, true, false, 'same'),
    one('other model', true, true, true, 'compatible'),
    one('best', true, true, true, 'same'),
  ];
  const before = [...spares];
  expect(bestFirst(spares).map(({ name }) => name)).toEqual(['best', 'other model', 'sick', 'unwiped', 'far']);
  expect(spares).toEqual(before);
});
