import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs that some tests talk to, with the Debian package that brings each. */
const TOOLS = [
  { paths: ['/usr/bin/chromium'], packages: ['chromium', 'fonts-noto-cjk'], used: 'browser tests' },
  { paths: ['/usr/sbin/mosquitto'], packages: ['mosquitto'], used: 'tests with an external MQTT broker' },
  { paths: ['/usr/bin/mosquitto_pub'], packages: ['mosquitto-clients'], used: 'tests of third-party MQTT clients' },
  { paths: ['/usr/bin/redis-server'], packages: ['redis-server'], used: 'tests with several API processes' },
];

const missing = () => TOOLS.filter((tool) => !tool.paths.every((path) => existsSync(path)));

/** Installs what is missing when that is possible without asking; otherwise says what will be skipped and why. */
export function ensureTools() {
  const packages = missing().flatMap((tool) => tool.packages);
  if (packages.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stdout.write(`Installing ${packages.join(', ')} for the tests ...\n`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env });
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
  }
  for (const tool of missing()) {
    process.stderr.write(`SKIPPING ${tool.used}: ${tool.packages.join(', ')} not installed and could not be\n`);
  }
}
