import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CLAUSES, ITEMS } from '../language/clauses.ts';
import { CONTRACT_FIELDS, Contract } from '../language/contract.ts';
import { DUTIES, METRICS } from '../language/metrics.ts';
import { SPELLED } from '../language/parts.ts';
import { type Flaw, flaw } from './flaw.ts';

/** Lists whose entries vary by kind are checked entry by entry, so that a flaw is told against the kind meant and not against all. */
const HEAD = Type.Object(
  { ...CONTRACT_FIELDS, duties: Type.Array(Type.Unknown()), metrics: Type.Array(Type.Unknown()), clauses: entries(1) },
  { additionalProperties: false },
);
const CARD = Type.Object({ ...CLAUSES.scorecard.properties, items: entries(1) }, { additionalProperties: false });

function entries(minItems: number) {
  return Type.Array(Type.Unknown(), { minItems, maxItems: 500 });
}

/** Whether it is a contract by its schema; each flaw once, in the order of the document's parts. */
export function shapeFlaws(json: unknown): Flaw[] {
  if (!isRecord(json)) return [flaw('', 'not_an_object', 'a contract is an object')];
  if ('format' in json && json.format !== 1) return [flaw('/format', 'unknown_format', 'this program knows format 1')];
  const flaws = [
    ...flawsOf(HEAD, json, ''),
    ...kinds(json.duties, DUTIES, 'kind', '/duties'),
    ...kinds(json.metrics, METRICS, 'kind', '/metrics'),
    ...kinds(json.clauses, { ...CLAUSES, scorecard: CARD }, 'form', '/clauses'),
    ...list(json.clauses).flatMap((clause, i) =>
      isRecord(clause) && clause.form === 'scorecard' ? kinds(clause.items, ITEMS, 'kind', `/clauses/${i}/items`) : [],
    ),
  ];
  return flaws.length > 0 || Value.Check(Contract, json) ? flaws : [UNTOLD];
}

/** What patterns want, in words. */
const SPELLINGS = new Map<string, string>([
  [SPELLED.id, 'must be a name of small letters, digits and _, with a letter first'],
  [SPELLED.day, 'must be a day like 2024-01-31'],
  [SPELLED.decimal, 'must be a number as text, with at most six decimals'],
  [SPELLED.percent, 'must be a number as text, not negative, with at most six decimals'],
]);

/** Said if the schema refuses what no single check has found: the published schema has the last word. */
const UNTOLD = flaw('', 'wrong_type', 'does not match the schema');

function kinds(value: unknown, schemas: Readonly<Record<string, TSchema>>, key: string, path: string): Flaw[] {
  return list(value).flatMap((entry, i) => {
    const at = `${path}/${i}`;
    if (!isRecord(entry)) return [flaw(at, 'wrong_type', 'must be an object')];
    const kind = entry[key];
    if (kind === undefined) return [flaw(`${at}/${key}`, 'missing_field', `needs a ${key}`)];
    if (typeof kind === 'string' && Object.hasOwn(schemas, kind)) return flawsOf(schemas[kind] ?? HEAD, entry, at);
    return [flaw(`${at}/${key}`, 'unknown_kind', `must be one of ${Object.keys(schemas).join(', ')}`)];
  });
}

function flawsOf(schema: TSchema, value: unknown, path: string): Flaw[] {
  if (Value.Check(schema, value)) return [];
  const flaws = Value.Errors(schema, value).flatMap((error) => {
    const at = `${path}${error.instancePath}`;
    switch (error.keyword) {
      // Said again by the error of the object, or of the choice that holds the alternatives.
      case 'boolean':
        return [];
      case 'required':
        return error.params.requiredProperties.map((name) => flaw(`${at}/${name}`, 'missing_field', 'is missing'));
      case 'additionalProperties':
        return error.params.additionalProperties.map((name) =>
          flaw(`${at}/${name}`, 'unknown_field', 'is not a field of this'),
        );
      case 'minimum':
        return [
          at.includes('fen')
            ? flaw(at, 'negative_amount', 'an amount is never negative; what it does is said by the form')
            : flaw(at, 'out_of_range', error.message),
        ];
      case 'maximum':
      case 'minItems':
      case 'maxItems':
      case 'minLength':
      case 'maxLength':
        return [flaw(at, 'out_of_range', error.message)];
      case 'pattern':
        return [flaw(at, 'malformed', SPELLINGS.get(String(error.params.pattern)) ?? error.message)];
      default:
        return [flaw(at, 'wrong_type', error.message)];
    }
  });
  if (flaws.length === 0) return [flaw(path, 'wrong_type', UNTOLD.reason)];
  const first = new Map(flaws.map((one) => [one.path, one]).reverse() as [string, Flaw][]);
  return [...first.values()].reverse();
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
