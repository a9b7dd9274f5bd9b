import { evaluate, type MetricValue, RULES_VERSION } from '@uptally/sla';
import { describe, expect, it } from 'vitest';
import type { DayFigures } from '../../src/evidence/case/types.ts';
import { canonicalJson, digestOf, sha256Of } from '../../src/settlement/canonical.ts';
import type { Evidence } from '../../src/settlement/metrics/types.ts';
import type { FrozenContent } from '../../src/settlement/statements/evaluate.ts';
import { checkStatement, type StatementFiles } from '../../src/settlement/verify/check.ts';
import { DAY_MS } from '../availability/support.ts';
import { monthly } from './support.ts';

const DAYS = Array.from({ length: 31 }, (_, i) => `2026-10-${String(i + 1).padStart(2, '0')}`);
const figures = (downMs: number): DayFigures[] => {
  const five = { up: DAY_MS - downMs, down: downMs, unknown: 0, platform: 0, excluded: 0 };
  return DAYS.map((day) => ({ day, computedTo: 0, required: DAY_MS, network: five, equipment: five }));
};
const stations = new Map([
  ['a', figures(0)],
  ['b', figures(5_000_000)], // of both stations: 97.10 %
]);
const NOTHING: Evidence = {
  as_of: 0,
  cases: [],
  repair_terms: {},
  holidays: [],
  workdays: [],
  inspections: {},
  documents: {},
  complaints: [],
  ratings: [],
  agreed: {},
};

function frozen(): { files: StatementFiles; content: FrozenContent } {
  const document = monthly();
  const up = 31 * (2 * DAY_MS - 5_000_000);
  const value: MetricValue = { rate: { num: String(up), den: String(31 * 2 * DAY_MS) } };
  const input = {
    instalment: 'final',
    period: { from: '2026-10-01', to: '2026-11-01' },
    sub_period: null,
    metrics: { equipment: value, network: value },
    history: {},
  };
  const evidence = canonicalJson(NOTHING);
  const content: FrozenContent = {
    format: 1,
    rules_version: RULES_VERSION,
    contract: { id: 1, code: 'HN', name: 'HN' },
    parties: { agency: 'A', contractor: 'B' },
    document: { number: 1, sha256: digestOf(document), content: document },
    input,
    metrics: [],
    evidence_sha256: sha256Of(evidence).toString('hex'),
    closed_at: '2026-11-10T00:00:00.000Z',
    statement: evaluate(document, input),
  };
  return { files: { content: canonicalJson(content), evidence, archive: null }, content };
}
const told = (change: (content: FrozenContent) => object, days: ReadonlyMap<string, DayFigures[]> = stations) => {
  const { files, content } = frozen();
  const changed = canonicalJson({ ...content, ...change(content) });
  return checkStatement({ ...files, content: changed }, days).differences.map(({ what }) => what);
};

describe('a statement computed again from its bundle', () => {
  it('comes to the same, to the fen', () => {
    const { files } = frozen();
    const checked = checkStatement(files, stations);
    expect(checked.differences).toEqual([]);
    expect(checked.recomputed?.total_fen).toBe(60_000_000);
  });

  it('names a changed amount', () => {
    const raised = told(({ statement }) => ({
      statement: {
        ...statement,
        lines: statement.lines.map((line) => ({ ...line, amount_fen: 60_000_001 })),
        total_fen: 60_000_001,
      },
    }));
    expect(raised).toEqual(['line final_payment', 'total']);
    expect(told(({ statement }) => ({ statement: { ...statement, total_fen: 1 } }))).toEqual([
      'total',
      'total, as the sum of its lines',
    ]);
  });

  it('names a changed rule, even where the amounts were made to fit', () => {
    const changed = told(({ input, document }) => {
      const clauses = document.content.clauses.map((clause) =>
        clause.form === 'tiers'
          ? { ...clause, tiers: clause.tiers.map((tier) => ({ ...tier, percent: '60' })) }
          : clause,
      );
      const content = { ...document.content, clauses };
      return { document: { ...document, content }, statement: evaluate(content, input) };
    });
    expect(changed).toEqual(['contract document']);
    expect(told(() => ({ rules_version: 'other/9' }))).toEqual(['rules']);
  });

  it('names the place of a rule that is not the one that was archived', () => {
    const { files, content } = frozen();
    const sha256 = sha256Of(files.content).toString('hex');
    const archive = canonicalJson({ statement: { id: 1, revision: 1, sha256, content }, signatures: [] });
    const text = files.content.replace('"percent":"60"', '"percent":"61"');
    const { differences } = checkStatement({ ...files, content: text, archive }, stations);
    expect(differences).toContainEqual({
      what: expect.stringMatching(/^archived statement \/document\/content\/clauses\/\d\/tiers\/\d\/percent$/),
      kept: '60',
      recomputed: '61',
    });
  });

  it('names a changed record by the value that it makes', () => {
    const worse = new Map([...stations, ['a', figures(1)]]);
    expect(told(() => ({}), worse)).toContain('metric network');
    const stated = told(({ input }) => ({
      input: { ...input, metrics: { ...input.metrics, network: { rate: { num: 1, den: 1 } } } },
    }));
    expect(stated).toEqual(['metric network']);
  });

  it('names changed evidence and signatures of something else', () => {
    const { files, content } = frozen();
    const other = canonicalJson({ ...NOTHING, as_of: 1 });
    expect(checkStatement({ ...files, evidence: other }, stations).differences.map(({ what }) => what)).toEqual([
      'evidence',
    ]);
    const sha256 = sha256Of(files.content).toString('hex');
    const archive = canonicalJson({
      statement: { id: 1, revision: 1, sha256, content },
      signatures: [{ side: 'agency', sha256: '0'.repeat(64) }],
    });
    expect(checkStatement({ ...files, archive }, stations).differences.map(({ what }) => what)).toEqual([
      'signature agency',
    ]);
  });
});
