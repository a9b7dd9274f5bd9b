import { type CheckedStatement, checkStatement, type StatementFiles } from '../../settlement/verify/check.ts';
import { BundleArchive, BundleError } from '../bundle/archive.ts';
import { decodeBeats, decodeLines, FILES, type Manifest } from '../bundle/format.ts';
import type { ContractCase, DayFigures, DeviceCase, PeriodCase, RawReport, StationCase } from '../case/types.ts';
import { compareDays, type Difference } from './compare.ts';
import { judgeStation } from './judge.ts';

/** A station judged from a bundle alone. */
export interface OfflineStation {
  readonly station: StationCase;
  readonly days: readonly DayFigures[];
  /** Where the platform's own figures, which the bundle carries, say otherwise. */
  readonly differences: readonly Difference[];
}

export interface OfflineHead {
  readonly manifest: Manifest;
  readonly contract: ContractCase;
  readonly period: PeriodCase;
}

/**
 * Checks a bundle and judges its stations one by one, then the statement that it carries, if any. Needs nothing but the file.
 * @throws BundleError if anything is not what was signed; the message names the file.
 */
export async function* checkBundle(
  source: string | Buffer,
  expectedKey: string | null,
  onHead: (head: OfflineHead) => void = () => undefined,
  onStatement: (checked: CheckedStatement) => void = () => undefined,
): AsyncGenerator<OfflineStation> {
  const archive = await BundleArchive.open(source);
  try {
    const manifest = await archive.authenticate(expectedKey);
    const { contract, period } = await json<{ contract: ContractCase; period: PeriodCase }>(archive, FILES.contract);
    onHead({ manifest, contract, period });
    const figures = new Map(
      (await lines<{ station: string; days: DayFigures[] }>(archive, FILES.figures)).map(({ station, days }) => [
        station,
        days,
      ]),
    );
    const recomputed = new Map<string, readonly DayFigures[]>();
    for (const station of await lines<StationCase>(archive, FILES.stations)) {
      const found = await judged(archive, contract, period, station, figures.get(station.code) ?? []);
      recomputed.set(station.code, found.days);
      yield found;
    }
    if (archive.has(FILES.statement)) onStatement(checkStatement(await statementFiles(archive), recomputed));
  } finally {
    archive.close();
  }
}

async function statementFiles(archive: BundleArchive): Promise<StatementFiles> {
  const text = async (path: string): Promise<string> => (await archive.read(path)).toString();
  return {
    content: await text(FILES.statement),
    evidence: await text(FILES.statementEvidence),
    archive: archive.has(FILES.statementArchive) ? await text(FILES.statementArchive) : null,
  };
}

async function judged(
  archive: BundleArchive,
  contract: ContractCase,
  period: PeriodCase,
  station: StationCase,
  kept: readonly DayFigures[],
): Promise<OfflineStation> {
  const devices: DeviceCase[] = [];
  const installed = station.installations.filter(
    ({ from, to }) => from < period.to && (to === null || to > period.from),
  );
  for (const deviceId of new Set(installed.map((each) => each.deviceId))) devices.push(await device(archive, deviceId));
  const days = judgeStation(
    contract,
    period,
    station,
    devices,
    new Map(kept.map((each) => [each.day, each.computedTo])),
  );
  return { station, days, differences: compareDays(kept, days) };
}

async function device(archive: BundleArchive, deviceId: string): Promise<DeviceCase> {
  const beats = FILES.beats(deviceId);
  return {
    ...(await json<Omit<DeviceCase, 'beats' | 'reports'>>(archive, FILES.device(deviceId))),
    beats: decoded(beats, await archive.read(beats), decodeBeats),
    reports: await lines<RawReport>(archive, FILES.reports(deviceId)),
  };
}

async function json<T>(archive: BundleArchive, path: string): Promise<T> {
  return decoded(path, await archive.read(path), (text) => JSON.parse(text) as T);
}

async function lines<T>(archive: BundleArchive, path: string): Promise<T[]> {
  return decoded(path, await archive.read(path), (text) => decodeLines<T>(text));
}

function decoded<T>(path: string, content: Buffer, decode: (text: string) => T): T {
  try {
    return decode(content.toString());
  } catch (error) {
    throw new BundleError(`${path}: ${(error as Error).message}`, { cause: error });
  }
}
