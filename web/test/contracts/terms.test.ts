import { checkContract, PRESETS } from '@uptally/sla';
import { describe, expect, it } from 'vitest';
import { differences } from '../../src/contracts/terms/differences.ts';
import { at, draftOf, entriesOf, NAMED, plain } from '../../src/contracts/terms/document.ts';
import type { Field } from '../../src/contracts/terms/field.ts';
import { HEAD, LISTS } from '../../src/contracts/terms/fields.ts';
import { freeNumber, rename, usersOf } from '../../src/contracts/terms/references.ts';
import { startFrom } from '../../src/contracts/terms/start.ts';
import { read, write } from '../../src/contracts/terms/text.ts';
import type { Contract } from '../../src/contracts/useContracts.ts';

const presets = Object.values(PRESETS);
const qh = () => draftOf(PRESETS.qh);

describe('the form', () => {
  it('has a field for everything that the presets say', () => {
    const missing = presets.flatMap((preset) => {
      const draft = draftOf(preset);
      return NAMED.flatMap((list) =>
        entriesOf(draft, list).flatMap((entry) => {
          const known = new Set(LISTS[list].fields(entry).map(({ key }) => key));
          return Object.keys(entry).filter((key) => !known.has(key) && key !== 'kind' && key !== 'form');
        }),
      );
    });
    expect(missing).toEqual([]);
  });

  it('begins every kind of entry with something that lacks names and references only', () => {
    for (const list of NAMED) {
      for (const make of Object.values(LISTS[list].fresh)) {
        const draft = qh();
        draft[list] = [...entriesOf(draft, list), freeNumber(entriesOf(draft, list), make)];
        const shape = ['missing_field', 'unknown_field', 'unknown_kind'];
        // A base that is not chosen yet is told as one that is missing.
        const wrong = checkContract(plain(draft)).filter(
          ({ code, path }) => shape.includes(code) && path.startsWith(`/${list}`) && !/\/(of|subject)\//.test(path),
        );
        expect(wrong).toEqual([]);
      }
    }
  });

  it('names each input once in an entry', () => {
    const keys = (fields: readonly Field[]) => fields.map(({ key }) => key);
    expect(new Set(keys(HEAD)).size).toBe(HEAD.length);
    for (const entry of entriesOf(qh(), 'clauses')) {
      const own = keys(LISTS.clauses.fields(entry));
      expect(new Set(own).size).toBe(own.length);
    }
  });
});

describe('another id', () => {
  it('goes with everything that names the entry, so that no flaw comes of it', () => {
    for (const preset of presets) {
      for (const list of NAMED) {
        for (const { id } of entriesOf(draftOf(preset), list)) {
          const draft = draftOf(preset);
          rename(draft, list, String(id), 'something_else');
          // A reading's options are values of their own: they are told, not changed.
          const flaws = checkContract(plain(draft)).filter(({ code }) => code !== 'unknown_reading');
          expect(flaws).toEqual([]);
        }
      }
    }
  });

  it('is known by its users', () => {
    expect(usersOf(qh(), 'metrics', 'complaints').map(({ id }) => id)).toEqual(['complaint_fee', 'many_complaints']);
    expect(usersOf(qh(), 'prices', 'nothing')).toEqual([]);
  });
});

describe('the text', () => {
  it('says in YAML and JSON what the form holds', () => {
    for (const preset of presets) {
      for (const format of ['yaml', 'json'] as const) expect(read(write(preset, format)).value).toEqual(preset);
    }
  });

  it('knows the line of a place, or of what should hold it', () => {
    const text = 'term:\n  from: "2024-01-01"\nclauses:\n  - id: a\n    percent: "120"\n';
    const { lineOf } = read(text);
    expect(['/term/from', '/clauses/0/percent', '/clauses/0', '/clauses/0/of', ''].map(lineOf)).toEqual([
      2, 5, 4, 4, 1,
    ]);
  });

  it('tells the line that can’t be read, and refuses aliases', () => {
    expect(read('a: 1\nb: [').faults[0]?.line).toBe(2);
    expect(read('a: &x [1]\nb: *x\n').value).toBeUndefined();
  });
});

describe('what a version changes', () => {
  it('is told at its place, whatever moved', () => {
    const [before, after] = [qh(), qh()];
    const clauses = entriesOf(after, 'clauses');
    after.clauses = [clauses[1], { ...clauses[0], percent: '60' }, ...clauses.slice(2)];
    expect(differences(before, after)).toEqual([{ path: '/clauses/1/percent', before: '50', after: '60' }]);
    expect(differences(before, before)).toEqual([]);
  });

  it('names what is new and what is gone', () => {
    const [before, after] = [qh(), qh()];
    after.prices = [{ id: 'other', name: { zh: '甲', en: 'a' }, source: 's', amount_fen: 1 }];
    const found = differences(before, after);
    expect(found.map((c) => [c.path, c.before === undefined, c.after === undefined])).toEqual([
      ['/prices/0', true, false],
      ['/prices/0', false, true],
    ]);
    expect(at(after, '/prices/0/id')).toBe('other');
  });
});

describe('a start from a preset', () => {
  it('takes names, days and zone of the contract, and has no flaws', () => {
    const contract = {
      code: 'C-1',
      name: '合同',
      time_zone: 'Asia/Shanghai',
      term_from: '2026-03-01',
      term_to: null,
      agency: { id: 1, name: '甲' },
      contractor: { id: 2, name: '乙' },
      calendar: { kind: 'always' },
    } as unknown as Contract;
    for (const preset of presets) {
      const draft = startFrom(draftOf(preset), contract);
      expect(checkContract(plain(draft))).toEqual([]);
      expect(draft.term).toEqual({ from: '2026-03-01', to: '2027-03-01' });
      expect(entriesOf(draft, 'parties').map((p) => (p.name as { zh: string }).zh)).toContain('甲');
    }
  });
});
