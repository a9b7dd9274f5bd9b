/** Shown state of a device, by need of attention. */
export type DeviceState = 'offline' | 'faulty' | 'never' | 'online';

/** Counts of a region and everything below it. States count devices at a station; a device is in exactly one. */
export interface Totals {
  stations: number;
  devices: number;
  spares: number;
  online: number;
  offline: number;
  faulty: number;
  never: number;
}

/** What a device adds to the totals of its regions. */
export interface Counted {
  readonly state: DeviceState;
  readonly lifecycle: string;
  readonly atStation: boolean;
}

export function noTotals(): Totals {
  return { stations: 0, devices: 0, spares: 0, online: 0, offline: 0, faulty: 0, never: 0 };
}

/** Rolling totals by region; 0 stands for the whole fleet. */
export class RegionTotals {
  readonly #byRegion = new Map<number, Totals>();

  of(regionId: number): Readonly<Totals> {
    return this.#byRegion.get(regionId) ?? noTotals();
  }

  regions(): ReadonlyMap<number, Readonly<Totals>> {
    return this.#byRegion;
  }

  /** Adds (`sign` 1) or takes away (-1) a device in every region of its path and in the whole. */
  count(path: readonly number[], device: Counted, sign: 1 | -1): void {
    for (const totals of this.#along(path)) {
      if (device.lifecycle !== 'retired') totals.devices += sign;
      if (device.lifecycle === 'in_stock') totals.spares += sign;
      if (device.atStation) totals[device.state] += sign;
    }
  }

  setStations(rows: readonly { readonly path: readonly number[]; readonly stations: number }[]): void {
    for (const totals of this.#byRegion.values()) totals.stations = 0;
    for (const { path, stations } of rows) for (const totals of this.#along(path)) totals.stations += stations;
  }

  clear(): void {
    this.#byRegion.clear();
  }

  *#along(path: readonly number[]): Iterable<Totals> {
    yield this.#at(0);
    for (const id of path) yield this.#at(id);
  }

  #at(regionId: number): Totals {
    const known = this.#byRegion.get(regionId);
    if (known !== undefined) return known;
    const totals = noTotals();
    this.#byRegion.set(regionId, totals);
    return totals;
  }
}
