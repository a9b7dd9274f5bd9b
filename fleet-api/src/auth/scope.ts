import type { Caller } from './caller.ts';

/**
 * Region scope in SQL. `scopeOf(caller)` is bound as one `int[]` parameter (null: unrestricted), and every statement that
 * touches the fleet carries `inScope('r.path', '$n')`, where `r.path` is the `path` of the row's region.
 */
export function scopeOf(caller: Caller): number[] | null {
  return caller.regionIds === null ? null : [...caller.regionIds];
}

/** The predicate. Both arguments are constants of the calling module (a column, a placeholder), never input. */
export function inScope(pathColumn: string, placeholder: string): string {
  return `(${placeholder}::int[] is null or ${pathColumn} && ${placeholder}::int[])`;
}

/** The same for a path in hand, e.g. `region_path` of an outbox row. A row without region is seen only by the unrestricted. */
export function isInScope(scope: readonly number[] | null, path: readonly number[] | null): boolean {
  if (scope === null) return true;
  return path?.some((id) => scope.includes(id)) ?? false;
}
