import { build } from 'esbuild';

/** Everything that runs from a bundle: output beside the package's sources, workspace code inlined, npm packages left outside. */
export const ENTRIES = {
  'fleet-api/dist/main.js': 'fleet-api/src/main.ts',
  'fleet-api/dist/embedded-child.js': 'fleet-api/src/db/embedded/child.ts',
  'fleet-api/dist/print-worker.js': 'fleet-api/src/print/worker.ts',
  'alerts/dist/main.js': 'alerts/src/main.ts',
  'alerts/dist/sms-sandbox.js': 'alerts/src/sms-sandbox-main.ts',
  'sim/dist/main.js': 'sim/src/main.ts',
  'bench/dist/main.js': 'bench/src/main.ts',
  'bench/dist/print-worker.js': 'fleet-api/src/print/worker.ts',
};

/** Workspace packages are inlined; whatever else has a bare name stays an import. */
export const npmPackagesOutside = {
  name: 'workspace-only',
  setup(b) {
    b.onResolve({ filter: /^[^./]/ }, (args) => {
      if (args.kind === 'entry-point' || args.path.startsWith('@uptally/')) return undefined;
      return { path: args.path, external: true };
    });
  },
};

const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
};

/** Bundles the given outputs (all if none are named). */
export async function bundle(outputs = Object.keys(ENTRIES)) {
  await Promise.all(
    outputs.map((outfile) =>
      build({ ...common, entryPoints: [ENTRIES[outfile]], outfile, plugins: [npmPackagesOutside] }),
    ),
  );
}

/** Programs that need nothing beside Node: for terminals, and for whoever checks us. */
export const STANDALONE = {
  'agent/dist/uptally-agent.js': 'agent/src/main.ts',
  'fleet-api/dist/uptally-verify.js': 'fleet-api/src/evidence/verify/offline-main.ts',
};

export async function bundleStandalone() {
  await Promise.all(
    Object.entries(STANDALONE).map(([outfile, entry]) =>
      build({
        ...common,
        sourcemap: false,
        minify: true,
        entryPoints: [entry],
        outfile,
        banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
      }),
    ),
  );
}
