import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { enrolAll, type MqttAddress } from '../platform/enrol.ts';
import { Platform } from '../platform/http.ts';
import { seedFleet } from '../platform/seed.ts';
import { enterSwaps } from '../platform/swaps.ts';
import type { Credential } from './life.ts';
import type { Address } from './sim-fleet.ts';
import { credentialsIn, type KeptState } from './state-file.ts';
import type { World } from './world.ts';

export interface Admission {
  /** By serial. */
  readonly credentials: ReadonlyMap<string, Credential>;
  readonly address: Address;
}

/** Makes the platform know the fleet and gets a credential for every device that is to run: kept ones, or new ones by enrolment. */
export async function admit(settings: Settings, world: World, kept: KeptState | null, log: Logger): Promise<Admission> {
  const credentials = kept ? credentialsIn(kept) : new Map<string, Credential>();
  const wanted = world.fleet.devices.slice(0, settings.devices).filter((device) => !credentials.has(device.serial));
  const known = knownAddress(settings);
  if (wanted.length === 0 && known) return { credentials, address: known };
  const { apiKey, token } = readTokens(settings.tokenFile);
  const platform = new Platform({ server: settings.server, apiKey });
  const began = performance.now();
  const since = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  await seedFleet(platform, world.delivered, (kind, rows) => log.info(`registry: ${rows} ${kind} (${since()})`));
  const answer = await enrolAll(platform, token, wanted, (serial, credential) => credentials.set(serial, credential));
  log.info(`enrolled ${wanted.length} devices (${since()})`);
  const mine = world.swaps.filter((swap) => credentials.has(swap.newSerial));
  await enterSwaps(platform, mine, (serial) => credentials.get(serial)?.deviceId);
  return { credentials, address: remember(settings, answer, platform.host) };
}

function readTokens(path: string | null): { apiKey: string; token: string } {
  if (path === null) throw new Error('--token-file is needed to load the registry and enrol devices');
  const { api_key, enrolment_token } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
  if (!api_key || !enrolment_token) throw new Error(`${path} must have api_key and enrolment_token`);
  return { apiKey: api_key, token: enrolment_token };
}

function addressFile({ dataDir }: Settings): string {
  return join(dataDir, 'mqtt.json');
}

function knownAddress(settings: Settings): Address | null {
  if (settings.mqtt) return settings.mqtt;
  const path = addressFile(settings);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Address) : null;
}

function remember(settings: Settings, answer: MqttAddress | null, host: string): Address {
  if (settings.mqtt) return settings.mqtt;
  const port = settings.tls ? answer?.tlsPort : answer?.port;
  if (!answer || !port) throw new Error('the platform did not say where devices connect; use --mqtt');
  const address = { host: answer.host || host, port, ...(settings.tls && { caPem: answer.caPem ?? '' }) };
  writeFileSync(addressFile(settings), JSON.stringify(address));
  return address;
}
