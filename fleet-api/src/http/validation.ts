import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import Format from 'typebox/format';
import { Value } from 'typebox/value';
import type { FieldError } from './errors.ts';

const MAX_REPORTED = 20;

/** RFC 3339 with a mandatory offset: an instant without one would depend on the server's zone. */
const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/;
Format.Set('date-time', (value) => RFC_3339.test(value) && !Number.isNaN(Date.parse(value)));

/** Thrown to the error handler when a request misses its schema. */
export class RequestInvalid extends Error {
  readonly errors: readonly FieldError[];
  readonly statusCode = 400;

  constructor(part: string, errors: readonly FieldError[]) {
    super(errors.map((e) => `${e.path} ${e.message}`).join('; '));
    this.name = 'RequestInvalid';
    this.errors = errors.map((e) => ({ ...e, path: `/${part}${e.path}` }));
  }
}

/**
 * Validates with TypeBox. Query, params and headers arrive as text and are converted; a body must already have the right types.
 * Defaults are filled in for both.
 */
export const validatorCompiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart = 'body' }) => {
  const check = Compile(schema);
  const textual = httpPart !== 'body';
  return (input: unknown) => {
    const filled = Value.Default(schema, input ?? (textual ? {} : input));
    const value = textual ? Value.Convert(schema, filled) : filled;
    if (check.Check(value)) return { value };
    const part = httpPart === 'querystring' ? 'query' : httpPart;
    return { error: new RequestInvalid(part, describe(check.Errors(value))) };
  };
};

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: object;
  readonly message: string;
}

/** Readable faults, one for each field. */
function describe(errors: readonly SchemaError[]): FieldError[] {
  const byPath = new Map<string, FieldError>();
  for (const error of errors) {
    for (const fault of faultsOf(error)) {
      if (!byPath.has(fault.path)) byPath.set(fault.path, fault);
    }
  }
  return [...byPath.values()].slice(0, MAX_REPORTED);
}

function faultsOf(error: SchemaError): FieldError[] {
  const { keyword, instancePath: path, params, message } = error;
  const names = (key: string): string[] => {
    const value: unknown = Reflect.get(params, key);
    return Array.isArray(value) ? value.map(String) : [];
  };
  if (keyword === 'required') {
    return names('requiredProperties').map((name) => ({ path: `${path}/${name}`, message: 'is missing' }));
  }
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    return names('additionalProperties').map((name) => ({ path: `${path}/${name}`, message: 'is not known here' }));
  }
  if (keyword === 'enum') {
    return [{ path, message: `must be one of ${names('allowedValues').join(', ') || 'the allowed values'}` }];
  }
  // What `additionalProperties: false` says of the property itself.
  return [{ path, message: keyword === 'boolean' ? 'is not known here' : message }];
}
