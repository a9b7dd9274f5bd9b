import { mkdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const BUNDLE = 'node_modules/.cache/uptally/errors.mjs';
const HEAD = `# Errors

Every error is a problem document (RFC 9457) with media type \`application/problem+json\`:

\`\`\`json
{
  "type": "urn:uptally:error:version_conflict",
  "title": "Someone else changed this in between; read it again",
  "status": 412,
  "code": "version_conflict",
  "instance": "urn:uptally:request:2510ebab-8896-4795-acdc-e085f6385416"
}
\`\`\`

Decide by \`code\`: it is stable, titles and details are for people. \`errors\` lists faulty fields as JSON pointers into \`/body\`,
\`/query\` or \`/params\`. \`instance\` carries the request id that the server's log names. This page is generated from the catalogue.

| code | status | meaning |
| --- | --- | --- |
`;

/** docs/errors.md, from the catalogue. */
export async function generate() {
  mkdirSync('node_modules/.cache/uptally', { recursive: true });
  const options = { bundle: true, platform: 'node', format: 'esm', target: 'node20', logLevel: 'warning' };
  await build({ ...options, entryPoints: ['fleet-api/src/http/errors.ts'], outfile: BUNDLE });
  const { ERRORS } = await import(pathToFileURL(BUNDLE).href);
  const rows = Object.entries(ERRORS)
    .sort(([a, x], [b, y]) => x.status - y.status || (a < b ? -1 : 1))
    .map(([code, { status, title }]) => `| \`${code}\` | ${status} | ${title} |`);
  return { 'docs/errors.md': `${HEAD}${rows.join('\n')}\n` };
}
