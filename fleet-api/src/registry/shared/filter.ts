/**
 * Collects the conditions of one statement and their bound values. Fragments are constants of the calling module; only values
 * come from outside, and each becomes a placeholder.
 */
export class Filter {
  readonly #conditions: string[] = [];
  readonly #values: unknown[];

  constructor(values: unknown[] = []) {
    this.#values = values;
  }

  /** Conditions of another part of the same statement: they share its placeholders. */
  branch(): Filter {
    return new Filter(this.#values);
  }

  /** Binds `value` and returns its placeholder. */
  bind(value: unknown): string {
    this.#values.push(value);
    return `$${this.#values.length}`;
  }

  /** Adds a condition that needs no value. */
  where(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }

  /** Adds `fragment(placeholder)` unless `value` is undefined. */
  optional(value: unknown, fragment: (placeholder: string) => string): this {
    return value === undefined ? this : this.where(fragment(this.bind(value)));
  }

  /** The conditions joined, `true` if there are none. */
  get conditions(): string {
    return this.#conditions.length === 0 ? 'true' : this.#conditions.join(' and ');
  }

  get sql(): string {
    return `where ${this.conditions}`;
  }

  get values(): unknown[] {
    return [...this.#values];
  }
}

/** A LIKE pattern that finds `text` anywhere, taken literally. */
export function infix(text: string): string {
  return `%${text.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

/**
 * Restricts rows to a scope by their region id: `scope` null means unrestricted, and a row without region is then seen too.
 * The subtree is looked up once a statement.
 */
export function scopeCondition(filter: Filter, regionColumn: string, scope: readonly number[] | null): void {
  if (scope === null) return;
  filter.where(`${regionColumn} = any (array(select id from region where path && ${filter.bind(scope)}::int[]))`);
}

/** Restricts rows to the subtree of one region. */
export function regionCondition(filter: Filter, regionColumn: string, regionId: number | undefined): void {
  if (regionId === undefined) return;
  filter.where(
    `${regionColumn} = any (array(select id from region where path @> array[${filter.bind(regionId)}::int]))`,
  );
}
