import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import type { StatementFiles } from '../../settlement/verify/check.ts';
import type { ContractCase, DayFigures, DeviceCase, PeriodCase, StationCase } from '../case/types.ts';
import { encodeBeats, encodeLines, FILES, FORMAT, type Manifest, type ManifestFile } from './format.ts';
import { digestBeforeSeal, type EvidenceKey, SIGNATURE_CHARS } from './key.ts';

export interface BundleHead {
  readonly contract: ContractCase;
  readonly period: PeriodCase;
  /** What the bundle covers, in words. */
  readonly scope: string;
  readonly createdAt: Date;
}

/** Writes a bundle piece by piece; the file has its name only once it is whole. */
export class BundleWriter {
  readonly #path: string;
  readonly #key: EvidenceKey;
  readonly #zip = new ZipFile();
  readonly #written: Promise<void>;
  readonly #files: ManifestFile[] = [];
  readonly #devices = new Set<string>();
  readonly #stations: StationCase[] = [];
  readonly #figures: { station: string; days: readonly DayFigures[] }[] = [];

  constructor(path: string, key: EvidenceKey) {
    this.#path = path;
    this.#key = key;
    this.#written = pipeline(this.#zip.outputStream, createWriteStream(`${path}.part`));
    this.#written.catch(() => undefined); // told by finish()
  }

  station(station: StationCase, devices: readonly DeviceCase[], figures: readonly DayFigures[]): void {
    this.#stations.push(station);
    this.#figures.push({ station: station.code, days: figures });
    for (const device of devices) this.#device(device);
  }

  /** A statement, texts as they were frozen. */
  statement({ content, evidence, archive }: StatementFiles): void {
    this.#add(FILES.statement, content);
    this.#add(FILES.statementEvidence, evidence);
    if (archive !== null) this.#add(FILES.statementArchive, archive);
  }

  /** Adds what is common, the manifest and its signature. Returns size and SHA-256 of the archive. */
  async finish(head: BundleHead): Promise<{ readonly bytes: number; readonly sha256: Buffer }> {
    const { contract, period } = head;
    this.#add(FILES.contract, `${JSON.stringify({ contract, period }, null, 1)}\n`);
    this.#add(FILES.stations, encodeLines(this.#stations));
    this.#add(FILES.figures, encodeLines(this.#figures));
    const manifest: Manifest = {
      format: FORMAT,
      created_at: head.createdAt.toISOString(),
      contract: { code: contract.code, name: contract.name },
      period: { name: period.name, from_day: period.fromDay, to_day: period.toDay, time_zone: contract.timeZone },
      scope: head.scope,
      stations: this.#stations.length,
      key: { algorithm: 'Ed25519', fingerprint: this.#key.fingerprint, public_key_pem: this.#key.publicPem },
      files: this.#files.toSorted((a, b) => (a.path < b.path ? -1 : 1)),
    };
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    this.#zip.addBuffer(bytes, FILES.manifest);
    this.#zip.addBuffer(Buffer.from(`${this.#key.sign(bytes).toString('base64')}\n`), FILES.signature);
    this.#zip.end({ comment: ' '.repeat(SIGNATURE_CHARS), forceZip64Format: false });
    await this.#written;
    await this.#seal(`${this.#path}.part`);
    await rename(`${this.#path}.part`, this.#path);
    return { bytes: (await stat(this.#path)).size, sha256: await sha256Of(this.#path) };
  }

  async #seal(path: string): Promise<void> {
    const seal = this.#key.sign(await digestBeforeSeal(path)).toString('base64');
    const file = await open(path, 'r+');
    try {
      const { size } = await file.stat();
      await file.write(seal, size - SIGNATURE_CHARS, 'latin1');
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Gives the bundle up and leaves no file behind. */
  async abandon(): Promise<void> {
    this.#zip.end();
    await this.#written.catch(() => undefined);
    await rm(`${this.#path}.part`, { force: true });
  }

  #device({ beats, reports, ...device }: DeviceCase): void {
    if (this.#devices.has(device.deviceId)) return;
    this.#devices.add(device.deviceId);
    this.#add(FILES.device(device.deviceId), `${JSON.stringify(device, null, 1)}\n`);
    this.#add(FILES.beats(device.deviceId), encodeBeats(beats));
    this.#add(FILES.reports(device.deviceId), encodeLines(reports));
  }

  #add(path: string, text: string): void {
    const content = Buffer.from(text);
    this.#files.push({ path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    this.#zip.addBuffer(content, path);
  }
}

async function sha256Of(path: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest();
}
