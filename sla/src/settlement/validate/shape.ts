import { type TSchema, Type } from 'typebox';
import { Value } from 'typebox/value';
import { CLAUSES, ITEMS } from '../language/clauses.ts';
import { CONTRACT_FIELDS } from '../language/contract.ts';
import { DUTIES, METRICS } from '../language/metrics.ts';
import { type Fault, fault } from './fault.ts';

/** Lists whose entries vary by kind are checked entry by entry, so that a fault is told against the kind meant and not against all. */
const HEAD = Type.Object(
  { ...CONTRACT_FIELDS, duties: Type.Array(Type.Unknown()), metrics: Type.Array(Type.Unknown()), clauses: entries(1) },
  { additionalProperties: false },
);
const CARD = Type.Object({ ...CLAUSES.scorecard.properties, items: entries(1) }, { additionalProperties: false });

function entries(minItems: number) {
  return Type.Array(Type.Unknown(), { minItems, maxItems: 500 });
}

/** Whether it is a contract by its schema; each fault once, in the order of the document's parts. */
export function shapeFaults(json: unknown): Fault[] {
  if (!isRecord(json)) return [fault('', 'not_an_object', 'a contract is an object')];
  if ('format' in json && json.format !== 1) return [fault('/format', 'unknown_format', 'this program knows format 1')];
  return [
    ...faultsOf(HEAD, json, ''),
    ...kinds(json.duties, DUTIES, 'kind', '/duties'),
    ...kinds(json.metrics, METRICS, 'kind', '/metrics'),
    ...kinds(json.clauses, { ...CLAUSES, scorecard: CARD }, 'form', '/clauses'),
    ...list(json.clauses).flatMap((clause, i) =>
      isRecord(clause) && clause.form === 'scorecard' ? kinds(clause.items, ITEMS, 'kind', `/clauses/${i}/items`) : [],
    ),
  ];
}

function kinds(value: unknown, schemas: Readonly<Record<string, TSchema>>, key: string, path: string): Fault[] {
  return list(value).flatMap((entry, i) => {
    const at = `${path}/${i}`;
    if (!isRecord(entry)) return [fault(at, 'wrong_type', 'must be an object')];
    const kind = entry[key];
    if (kind === undefined) return [fault(`${at}/${key}`, 'missing_field', `needs a ${key}`)];
    if (typeof kind === 'string' && Object.hasOwn(schemas, kind)) return faultsOf(schemas[kind] ?? HEAD, entry, at);
    return [fault(`${at}/${key}`, 'unknown_kind', `must be one of ${Object.keys(schemas).join(', ')}`)];
  });
}

function faultsOf(schema: TSchema, value: unknown, path: string): Fault[] {
  if (Value.Check(schema, value)) return [];
  const faults = Value.Errors(schema, value).flatMap((error) => {
    const at = `${path}${error.instancePath}`;
    switch (error.keyword) {
      // Said again by the error of the object, or of the choice that holds the alternatives.
      case 'boolean':
        return [];
      case 'required':
        return error.params.requiredProperties.map((name) => fault(`${at}/${name}`, 'missing_field', 'is missing'));
      case 'additionalProperties':
        return error.params.additionalProperties.map((name) =>
          fault(`${at}/${name}`, 'unknown_field', 'is not a field of this'),
        );
      case 'minimum':
        return [
          at.includes('fen')
            ? fault(at, 'negative_amount', 'an amount is never negative; what it does is said by the form')
            : fault(at, 'out_of_range', error.message),
        ];
      case 'maximum':
      case 'minItems':
      case 'maxItems':
      case 'minLength':
      case 'maxLength':
        return [fault(at, 'out_of_range', error.message)];
      case 'pattern':
        return [fault(at, 'malformed', error.message)];
      default:
        return [fault(at, 'wrong_type', error.message)];
    }
  });
  const first = new Map(faults.map((one) => [one.path, one]).reverse() as [string, Fault][]);
  return [...first.values()].reverse();
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
