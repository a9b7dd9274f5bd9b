import { type ApiError, apiError } from '../../http/errors.ts';

/** Which device may take the place of which, pure. */

/** `unknown`: of one of the two nobody said of which model it is. */
export type Fit = 'same' | 'compatible' | 'unknown' | 'other';

/** How a spare's model stands to the one that it is to replace. `standIns`: models that may stand in for that one. */
export function fitOf(model: number | null, spare: number | null, standIns: ReadonlySet<number>): Fit {
  if (model === null || spare === null) return 'unknown';
  if (model === spare) return 'same';
  return standIns.has(spare) ? 'compatible' : 'other';
}

export interface Spare {
  readonly serial: string;
  readonly lifecycle: string;
  readonly model_id: number | null;
  /** Contractor that looks after it; null: nobody in particular. */
  readonly org_id: number | null;
  /** Store that keeps it; null: in no region. */
  readonly store: number | null;
  readonly stands_at: string | null;
  readonly is_away: boolean;
}

export interface Wanted {
  /** Model of the device that it is to replace. */
  readonly model_id: number | null;
  readonly standIns: ReadonlySet<number>;
  /** Contractor that has to serve the station; null: nobody in particular. */
  readonly org_id: number | null;
  /** Store of the station's county. */
  readonly store: number;
  /** The spare is brought over from another store. */
  readonly fromElsewhere: boolean;
  /** It stood here before and comes back: whatever replaced it meanwhile says nothing about its model. */
  readonly isReturn: boolean;
}

/** Why a spare can't take a place, or null. Whether its data are wiped is asked of the database, see `gate.ts`. */
export function refuseSpare(spare: Spare, wanted: Wanted): ApiError | null {
  const name = `Device ${spare.serial}`;
  if (spare.stands_at !== null) return apiError('device_installed', `${name} is installed at ${spare.stands_at}`);
  if (spare.lifecycle === 'retired') return apiError('device_retired', `${name} is retired`);
  if (spare.is_away) return apiError('repair_open', `${name} is with the repair centre`);
  if (spare.lifecycle !== 'in_stock') return apiError('not_in_stock', `${name} is under repair`);
  if (spare.org_id !== null && wanted.org_id !== null && spare.org_id !== wanted.org_id) {
    return apiError('spare_of_other_contractor', `${name} belongs to another contractor`);
  }
  if (spare.store !== wanted.store && !wanted.fromElsewhere) return apiError('spare_elsewhere');
  if (!wanted.isReturn && fitOf(wanted.model_id, spare.model_id, wanted.standIns) === 'other') {
    return apiError('spare_incompatible');
  }
  return null;
}

/** Spares in the order in which one would take them: here before elsewhere, wiped before not, same model before stand-ins. */
export function bestFirst<
  T extends { readonly here: boolean; readonly wiped: boolean; readonly fit: Fit; readonly sound: boolean },
>(spares: readonly T[]): T[] {
  const cost = (spare: T): number =>
    Number(!spare.here) * 8 + Number(!spare.wiped) * 4 + Number(!spare.sound) * 2 + Number(spare.fit !== 'same');
  return [...spares].sort((a, b) => cost(a) - cost(b));
}
