import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { showPercent } from '@uptally/sla';
import type { ReportFigures } from './figures/types.ts';
import type { Headline } from './schemas.ts';

/** Figures as they are kept: JSON, gzip. A list of every station shrinks to a tenth. */
export async function packed(figures: ReportFigures): Promise<Buffer> {
  return promisify(gzip)(JSON.stringify(figures));
}

export async function unpacked(kept: Buffer): Promise<ReportFigures> {
  return JSON.parse((await promisify(gunzip)(kept)).toString('utf8')) as ReportFigures;
}

/** The few figures that lists show. */
export function headlineOf({ availability, faults, inspections, duties }: ReportFigures): Headline {
  const { total, period, stations } = availability;
  const rate = ({ percent, target_percent, reaches_target }: typeof total.network) => ({
    percent,
    target_percent,
    reaches_target,
  });
  const shown = (fraction: { readonly num: number; readonly den: number } | null | undefined): string | null =>
    fraction === null || fraction === undefined ? null : showPercent(fraction);
  return {
    stations,
    days_missing: period.days_missing,
    closed: period.closed,
    network: rate(total.network),
    equipment: rate(total.equipment),
    faults: faults.total,
    timeliness_percent: shown(faults.timeliness.rate),
    inspection_percent: shown(inspections.figures.rate),
    document_percent: shown(duties?.documents.rate),
  };
}
