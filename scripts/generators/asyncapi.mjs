import { mkdirSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { stringify } from 'yaml';
import { npmPackagesOutside } from '../bundle.mjs';

const BUNDLE = 'node_modules/.cache/uptally/describe-protocol.mjs';

/** The AsyncAPI document of the device protocol, from its schemas. */
export async function generate() {
  mkdirSync('node_modules/.cache/uptally', { recursive: true });
  await build({
    entryPoints: ['protocol/src/asyncapi.ts'],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
    plugins: [npmPackagesOutside],
  });
  const { asyncApiDocument } = await import(pathToFileURL(BUNDLE).href);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  return {
    'docs/api/asyncapi.yaml': stringify(asyncApiDocument(version), { lineWidth: 120, aliasDuplicateObjects: false }),
  };
}
