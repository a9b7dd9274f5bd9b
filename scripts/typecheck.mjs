import { spawn } from 'node:child_process';

/** Server and console are checked side by side; both tell all that they find. */
const CHECKS = [
  ['tsc', '-p', 'tsconfig.json'],
  ['vue-tsc', '-p', 'web/tsconfig.json'],
];

const codes = await Promise.all(
  CHECKS.map(
    ([program, ...args]) =>
      new Promise((resolve) => {
        spawn(program, args, { stdio: 'inherit', shell: process.platform === 'win32' })
          .on('error', () => resolve(1))
          .on('close', (code) => resolve(code ?? 1));
      }),
  ),
);
process.exitCode = Math.max(...codes);
