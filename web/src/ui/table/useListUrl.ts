import { computed } from 'vue';
import { type LocationQueryValue, useRoute, useRouter } from 'vue-router';

type Query = Record<string, LocationQueryValue | LocationQueryValue[] | undefined>;

/** Filters of a list as they stand in the URL: what is empty is left out, so the plain list has a plain address. */
export function readFilters<K extends string>(names: readonly K[], query: Query): Record<K, string> {
  return Object.fromEntries(
    names.map((name) => {
      const value = query[name];
      return [name, (Array.isArray(value) ? value[0] : value) ?? ''];
    }),
  ) as Record<K, string>;
}

export function writeFilters(query: Query, changes: Readonly<Record<string, string>>): Query {
  const next: Query = { ...query };
  for (const [name, value] of Object.entries(changes)) {
    if (value === '') delete next[name];
    else next[name] = value;
  }
  return next;
}

/**
 * Keeps a list's filters and sort in the URL, so that a colleague can open it and the back button works. `set` replaces the address: every
 * letter typed into a search must not become a step of the history.
 */
export function useListUrl<K extends string>(options: { readonly filters: readonly K[]; readonly sort: string }) {
  const route = useRoute();
  const router = useRouter();
  const filters = computed(() => readFilters(options.filters, route.query));
  const sort = computed(() => readFilters(['sort'], route.query).sort || options.sort);
  const active = computed(() => options.filters.filter((name) => filters.value[name] !== ''));

  function set(changes: Partial<Record<K, string>>): void {
    void router.replace({ query: writeFilters(route.query, changes as Record<string, string>) });
  }
  function setSort(value: string): void {
    void router.replace({ query: writeFilters(route.query, { sort: value === options.sort ? '' : value }) });
  }
  function clear(): void {
    const empty = Object.fromEntries(options.filters.map((name) => [name, '']));
    void router.replace({ query: writeFilters(route.query, empty) });
  }
  return { filters, sort, active, set, setSort, clear };
}
