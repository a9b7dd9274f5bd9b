import { type Static, type TSchema, Type } from 'typebox';
import { ERRORS } from './errors.ts';

/** Building blocks of route schemas. */

/** An instant: handlers may give a `Date` or RFC 3339 text; on the wire it is text with offset. */
export const Instant = Type.Unsafe<Date | string>({ type: 'string', format: 'date-time' });
export const NullableInstant = Type.Unsafe<Date | string | null>({ type: ['string', 'null'], format: 'date-time' });
/** An instant in a request: always text. */
export const InstantInput = Type.String({ format: 'date-time', maxLength: 40 });

export const NullableString = Type.Unsafe<string | null>({ type: ['string', 'null'] });
export const NullableNumber = Type.Unsafe<number | null>({ type: ['number', 'null'] });
export const NullableInteger = Type.Unsafe<number | null>({ type: ['integer', 'null'] });
export const NullableBoolean = Type.Unsafe<boolean | null>({ type: ['boolean', 'null'] });

/** Anything that JSON can hold, e.g. a jsonb column passed on as it is. */
export const Json = Type.Unsafe<unknown>({});

/** A closed vocabulary. */
export function oneOf<const T extends readonly string[]>(values: T, description?: string) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...(description ? { description } : {}) });
}

/** A closed vocabulary or null. */
export function nullableOneOf<const T extends readonly string[]>(values: T) {
  return Type.Unsafe<T[number] | null>({ type: ['string', 'null'], enum: [...values, null] });
}

/** `schema` or null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

/** Text of a person: trimmed by the form, no control characters, so that it is safe in logs, CSV and SMS. */
export function text(maxLength: number, options: { minLength?: number; description?: string } = {}) {
  return Type.String({ minLength: 1, ...options, maxLength, pattern: '^[^\\u0000-\\u0008\\u000b-\\u001f\\u007f]*$' });
}

/** A short key: codes of sites, stations, models, organisations. */
export const Code = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$' });

/** Number of a row. */
export const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
export const IdParams = Type.Object({ id: Id });

/** A list page. */
export function Page<T extends TSchema>(item: T) {
  return Type.Object({ items: Type.Array(item), next_cursor: NullableString });
}

/**
 * A part of many answers that the document tells once: `definition` goes into the list of components, routes name `ref`. For answers
 * only: requests are validated without looking references up.
 */
export function component<T extends TSchema>(id: string, schema: T) {
  return { definition: { ...schema, $id: id }, ref: Type.Unsafe<Static<T>>({ $ref: `${id}#` }) };
}

/** Body of requests: unknown fields are refused, so that a typing error is not taken for a wish. */
export function Body<T extends Record<string, TSchema>>(properties: T) {
  return Type.Object(properties, { additionalProperties: false });
}

/** Query parameters: unknown ones are refused likewise. */
export const Query = Body;

/** Shared as `#/components/schemas/Problem`; the app adds it to every route. */
export const ProblemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.Unsafe<keyof typeof ERRORS>({ type: 'string', enum: Object.keys(ERRORS) }),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details' },
);

/** An answer without body. */
export const NoContent = Type.Null({ description: 'Done' });
