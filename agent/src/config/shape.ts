/**
 * Small typed validators for the configuration file. Each takes a value and its path, returns the clean value, and adds every fault
 * it finds to the list, so that all are told at once.
 */

export interface Fault {
  readonly path: string;
  readonly message: string;
}

export type Shape<T> = (value: unknown, path: string, faults: Fault[]) => T;
export type Shaped<S> = S extends Shape<infer T> ? T : never;

function fault<T>(faults: Fault[], path: string, message: string): T {
  faults.push({ path: path || '/', message });
  return undefined as T;
}

export function string(options: { readonly pattern?: RegExp; readonly means?: string } = {}): Shape<string> {
  return (value, path, faults) => {
    if (typeof value !== 'string' || value === '') return fault(faults, path, 'must be a text');
    if (options.pattern && !options.pattern.test(value)) return fault(faults, path, `must be ${options.means}`);
    return value;
  };
}

export function number(min: number, max: number): Shape<number> {
  return (value, path, faults) => {
    if (typeof value === 'number' && value >= min && value <= max) return value;
    return fault(faults, path, `must be a number from ${min} to ${max}`);
  };
}

export function integer(min: number, max: number): Shape<number> {
  return (value, path, faults) => {
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
    return fault(faults, path, `must be a whole number from ${min} to ${max}`);
  };
}

export const boolean: Shape<boolean> = (value, path, faults) =>
  typeof value === 'boolean' ? value : fault(faults, path, 'must be true or false');

export function list<T>(item: Shape<T>, min = 0): Shape<readonly T[]> {
  return (value, path, faults) => {
    if (!Array.isArray(value) || value.length < min)
      return fault(faults, path, `must be a list${min > 0 ? ` of ${min} or more` : ''}`);
    return value.map((entry, i) => item(entry, `${path}/${i}`, faults));
  };
}

export function optional<T>(shape: Shape<T>): Shape<T | undefined> {
  return (value, path, faults) => (value === undefined ? undefined : shape(value, path, faults));
}

export function withDefault<T>(shape: Shape<T>, value: T): Shape<T> {
  return (given, path, faults) => (given === undefined ? value : shape(given, path, faults));
}

/** The first shape that takes the value without a fault. */
export function either<A, B>(first: Shape<A>, second: Shape<B>, means: string): Shape<A | B> {
  return (value, path, faults) => {
    for (const shape of [first, second]) {
      const own: Fault[] = [];
      const clean = shape(value, path, own);
      if (own.length === 0) return clean;
    }
    return fault(faults, path, `must be ${means}`);
  };
}

/** An object with these fields and no others: a misspelt setting must not pass in silence. */
export function object<F extends Record<string, Shape<unknown>>>(
  fields: F,
): Shape<{ readonly [K in keyof F]: Shaped<F[K]> }> {
  return (value, path, faults) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return fault(faults, path, 'must be an object');
    const given = value as Record<string, unknown>;
    for (const name of Object.keys(given)) {
      if (!Object.hasOwn(fields, name))
        fault(faults, `${path}/${name}`, `is not a setting (known: ${Object.keys(fields).join(', ')})`);
    }
    const clean = Object.entries(fields).map(([name, shape]) => [name, shape(given[name], `${path}/${name}`, faults)]);
    return Object.fromEntries(clean) as { readonly [K in keyof F]: Shaped<F[K]> };
  };
}
