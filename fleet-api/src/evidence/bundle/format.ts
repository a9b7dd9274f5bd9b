import type { RawBeat, RawReport } from '../case/types.ts';

/**
 * The evidence bundle: a zip archive of plain files that anybody can read (docs/verification.md). Both sides, writing and
 * checking, take names and forms from here.
 */

export const FORMAT = 'uptally-evidence/1';

export const FILES = {
  manifest: 'manifest.json',
  signature: 'manifest.sig',
  contract: 'contract.json',
  stations: 'stations.ndjson',
  figures: 'figures.ndjson',
  beats: (deviceId: string): string => `devices/${deviceId}/beats.csv`,
  reports: (deviceId: string): string => `devices/${deviceId}/reports.ndjson`,
  device: (deviceId: string): string => `devices/${deviceId}/device.json`,
  /** Of a statement: what was frozen, what its values rest on, its entry in the archive. */
  statement: 'statement/statement.json',
  statementEvidence: 'statement/evidence.json',
  statementArchive: 'statement/archive.json',
} as const;

export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  /** RFC 3339. */
  readonly created_at: string;
  readonly contract: { readonly code: string; readonly name: string };
  readonly period: {
    readonly name: string;
    readonly from_day: string;
    readonly to_day: string;
    readonly time_zone: string;
  };
  readonly scope: string;
  readonly stations: number;
  readonly key: { readonly algorithm: 'Ed25519'; readonly fingerprint: string; readonly public_key_pem: string };
  /** Every other file but the signature. */
  readonly files: readonly ManifestFile[];
}

const BEAT_HEADER = 'seq,at_ms,received_ms,live,estimated,liveness_ms';

export function encodeBeats(beats: readonly RawBeat[]): string {
  const lines = beats.map(
    (b) => `${b.seq},${b.at},${b.receivedAt},${b.live ? 1 : 0},${b.estimated ? 1 : 0},${b.livenessMs}`,
  );
  return `${[BEAT_HEADER, ...lines].join('\n')}\n`;
}

/** @throws Error that names the line which is not six integers. */
export function decodeBeats(text: string): RawBeat[] {
  const lines = text.split('\n');
  if (lines[0] !== BEAT_HEADER) throw new Error(`line 1 is not "${BEAT_HEADER}"`);
  const beats: RawBeat[] = [];
  for (let i = 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line === '' && i === lines.length - 1) break;
    const [seq = Number.NaN, at = Number.NaN, receivedAt = Number.NaN, live, estimated, livenessMs = Number.NaN] = line
      .split(',')
      .map(Number);
    if (![seq, at, receivedAt, live, estimated, livenessMs].every(Number.isSafeInteger)) {
      throw new Error(`line ${i + 1} is not six integers`);
    }
    beats.push({ seq, at, receivedAt, live: live === 1, estimated: estimated === 1, livenessMs });
  }
  return beats;
}

export function encodeLines(rows: readonly unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

export function decodeLines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export type ReportLine = RawReport;
