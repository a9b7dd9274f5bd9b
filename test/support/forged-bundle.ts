import { createHash } from 'node:crypto';
import { createWriteStream, readFileSync, writeFileSync } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { BundleArchive } from '../../fleet-api/src/evidence/bundle/archive.ts';
import { FILES, type Manifest, type ManifestFile } from '../../fleet-api/src/evidence/bundle/format.ts';
import { digestBeforeSeal, ensureEvidenceKey, SIGNATURE_CHARS } from '../../fleet-api/src/evidence/bundle/key.ts';

/** Other content for some files of a bundle, by path. */
export type Forgery = Readonly<Record<string, (text: string) => string>>;

/**
 * A bundle with other content, digests and signatures made anew: what whoever holds the key could hand over. `keyDir` is that of the
 * platform whose bundle it is.
 */
export async function forgeBundle(source: string, target: string, keyDir: string, forgery: Forgery): Promise<void> {
  const archive = await BundleArchive.open(source);
  const manifest = await archive.authenticate(null);
  const zip = new ZipFile();
  const files: ManifestFile[] = [];
  for (const { path } of manifest.files) {
    const kept = await archive.read(path);
    const change = forgery[path];
    const content = change === undefined ? kept : Buffer.from(change(kept.toString()));
    files.push({ path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    zip.addBuffer(content, path);
  }
  archive.close();
  const key = ensureEvidenceKey(keyDir);
  const signed = Buffer.from(JSON.stringify({ ...manifest, files } satisfies Manifest));
  zip.addBuffer(signed, FILES.manifest);
  zip.addBuffer(Buffer.from(key.sign(signed).toString('base64')), FILES.signature);
  zip.end({ comment: ' '.repeat(SIGNATURE_CHARS), forceZip64Format: false });
  await pipeline(zip.outputStream, createWriteStream(target));
  const whole = readFileSync(target);
  whole.write(key.sign(await digestBeforeSeal(whole)).toString('base64'), whole.length - SIGNATURE_CHARS, 'latin1');
  writeFileSync(target, whole);
}
