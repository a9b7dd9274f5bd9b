import { createHash, createPublicKey } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { type Entry, fromBuffer, open, type ZipFile } from 'yauzl';
import { FILES, FORMAT, type Manifest, type ManifestFile } from './format.ts';
import { digestBeforeSeal, fingerprintOf, isSignedBy } from './key.ts';

/** The bundle is not what was signed; the message says where. */
export class BundleError extends Error {
  override readonly name = 'BundleError';
}

/** A bundle opened for checking. Nothing of it is believed before {@link BundleArchive.authenticate}. */
export class BundleArchive {
  readonly #source: string | Buffer;
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(source: string | Buffer, zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#source = source;
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws BundleError if it is no archive or its directory is damaged. */
  static async open(source: string | Buffer): Promise<BundleArchive> {
    try {
      const zip = await openZip(source);
      return new BundleArchive(source, zip, await directoryOf(zip));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw error;
      throw new BundleError(`not a whole zip archive: ${(error as Error).message}`, { cause: error });
    }
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  /** Content of a file. @throws BundleError if it is missing or can't be unpacked. */
  async read(path: string): Promise<Buffer> {
    const entry = this.#entries.get(path);
    if (entry === undefined) throw new BundleError(`${path}: missing from the archive`);
    try {
      return await buffer(await streamOf(this.#zip, entry));
    } catch (error) {
      throw new BundleError(`${path}: damaged, can not be unpacked (${(error as Error).message})`, { cause: error });
    }
  }

  /**
   * Checks signature and digests, file by file, then the seal over the whole. `expectedKey` is a fingerprint or a PEM that the caller had from elsewhere; without
   * one, only the key inside the bundle vouches for it. @throws BundleError naming the file at fault.
   */
  async authenticate(expectedKey: string | null): Promise<Manifest> {
    const bytes = await this.read(FILES.manifest);
    const signature = Buffer.from((await this.read(FILES.signature)).toString(), 'base64');
    const manifest = parseManifest(bytes);
    const publicPem = manifest.key.public_key_pem;
    if (!isIntact(publicPem, bytes, signature)) throw new BundleError(`${FILES.manifest}: the signature does not fit`);
    checkKey(manifest, expectedKey);
    for (const file of manifest.files) await this.#check(file);
    const known = new Set<string>([FILES.manifest, FILES.signature, ...manifest.files.map(({ path }) => path)]);
    for (const path of this.#entries.keys()) {
      if (!known.has(path)) throw new BundleError(`${path}: not in the manifest`);
    }
    const seal = Buffer.from(String(this.#zip.comment), 'base64');
    if (!isIntact(publicPem, await digestBeforeSeal(this.#source), seal)) {
      throw new BundleError('archive: changed outside of its files (names, dates, packing or the seal at its end)');
    }
    return manifest;
  }

  close(): void {
    this.#zip.close();
  }

  async #check({ path, bytes, sha256 }: ManifestFile): Promise<void> {
    const content = await this.read(path);
    const found = createHash('sha256').update(content).digest('hex');
    if (content.length === bytes && found === sha256) return;
    throw new BundleError(`${path}: changed (SHA-256 is ${found}, the manifest says ${sha256})`);
  }
}

function openZip(source: string | Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) => {
    const options = { lazyEntries: true, autoClose: false } as const;
    const done = (error: Error | null, zip: ZipFile | undefined) =>
      zip === undefined ? reject(error ?? new Error('no archive')) : resolve(zip);
    if (typeof source === 'string') open(source, options, done);
    else fromBuffer(source, options, done);
  });
}

function directoryOf(zip: ZipFile): Promise<Map<string, Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, Entry>();
    zip.on('error', reject);
    zip.on('end', () => resolve(entries));
    zip.on('entry', (entry: Entry) => {
      if (entries.has(entry.fileName)) reject(new Error(`${entry.fileName} is there twice`));
      entries.set(entry.fileName, entry);
      zip.readEntry();
    });
    zip.readEntry();
  });
}

function streamOf(zip: ZipFile, entry: Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) =>
      stream === undefined ? reject(error ?? new Error('no content')) : resolve(stream),
    );
  });
}

function parseManifest(bytes: Buffer): Manifest {
  try {
    const manifest = JSON.parse(bytes.toString()) as Manifest;
    if (manifest.format !== FORMAT) throw new Error(`format is ${String(manifest.format)}, not ${FORMAT}`);
    if (typeof manifest.key?.public_key_pem !== 'string' || !Array.isArray(manifest.files))
      throw new Error('incomplete');
    return manifest;
  } catch (error) {
    throw new BundleError(`${FILES.manifest}: not a manifest (${(error as Error).message})`, { cause: error });
  }
}

function isIntact(publicPem: string, bytes: Buffer, signature: Buffer): boolean {
  try {
    return isSignedBy(publicPem, bytes, signature);
  } catch {
    return false; // a key that is no key
  }
}

function checkKey(manifest: Manifest, expected: string | null): void {
  const found = fingerprintOf(createPublicKey(manifest.key.public_key_pem));
  if (found !== manifest.key.fingerprint)
    throw new BundleError(`${FILES.manifest}: the fingerprint is not that of the key`);
  if (expected === null) return;
  const wanted = expected.includes('BEGIN PUBLIC KEY')
    ? fingerprintOf(createPublicKey(expected))
    : expected.replaceAll(/[\s:]/g, '').toLowerCase();
  if (wanted !== found) throw new BundleError(`signed by another key: ${found}`);
}
