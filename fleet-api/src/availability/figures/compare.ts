import type { CursorValue } from '../../http/paging.ts';
import { contractFor } from '../contracts/service.ts';
import { type Asked, contractRef, findIn } from './asked.ts';
import { childrenKind } from './children.ts';
import { changeOf, type Figures, sortable } from './figure.ts';
import { type FigureSort, pageOfFigures } from './order.ts';
import { periodNamed } from './period.ts';
import { checkPlace } from './place.ts';
import type { Compare, CompareQuery } from './schemas.ts';
import { type ChildFigures, childFigures, totalOf } from './service.ts';

interface Compared extends ChildFigures {
  readonly a: Figures | null;
  readonly b: Figures | null;
}

/** Two periods side by side. Parts that one of them lacks are shown with nothing beside. @throws ApiError as `find` */
export async function compareOf(asked: Asked, query: CompareQuery): Promise<Compare> {
  checkPlace(query);
  const contract = await contractFor(asked.db, asked.viewer, query.contract);
  const before = await findIn(asked, contract, periodNamed(query.a, contract.time_zone), query);
  const after = await findIn(asked, contract, periodNamed(query.b, contract.time_zone), query);
  const children = pairUp(childFigures(before), childFigures(after));
  const page = pageOfFigures(children, { ...query, sort: query.sort ?? 'down' }, lossOf);
  return {
    contract: contractRef(contract),
    a: before.periodRef,
    b: after.periodRef,
    scope: after.place,
    total: { stations: after.stations.length, ...changes(totalOf(before), totalOf(after)) },
    children_kind: childrenKind(after.place, children),
    items: page.items.map(({ kind, id, name, code, stations, a, b }) => ({
      kind,
      id,
      name,
      code,
      stations: stations.length,
      ...changes(a, b),
    })),
    next_cursor: page.next_cursor,
  };
}

/** Children by what they are. */
function pairUp(before: readonly ChildFigures[], after: readonly ChildFigures[]): Compared[] {
  const keyOf = ({ kind, id }: ChildFigures): string => `${kind} ${id}`;
  const earlier = new Map(before.map((child) => [keyOf(child), child]));
  const later = new Map(after.map((child) => [keyOf(child), child]));
  return [...new Map([...earlier, ...later])].map(([key, child]) => ({
    ...child,
    a: earlier.get(key)?.figures ?? null,
    b: later.get(key)?.figures ?? null,
  }));
}

/** What is sorted by: the name, or how far a rate fell; `down` takes the worse of the two. */
function lossOf({ rank, a, b }: Compared, sort: FigureSort): CursorValue {
  const change = (dimension: 'network' | 'equipment'): number | null => {
    const [before, after] = [sortable(a?.[dimension] ?? null), sortable(b?.[dimension] ?? null)];
    return before === null || after === null ? null : after - before;
  };
  const key = sort.replace('-', '');
  if (key === 'name') return rank;
  if (key === 'network' || key === 'equipment') return change(key);
  const known = [change('network'), change('equipment')].filter((each) => each !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function changes(a: Figures | null, b: Figures | null) {
  return {
    a: a?.pair ?? null,
    b: b?.pair ?? null,
    network_change: changeOf(a?.network ?? null, b?.network ?? null),
    equipment_change: changeOf(a?.equipment ?? null, b?.equipment ?? null),
  };
}
