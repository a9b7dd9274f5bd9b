import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Settings } from '../config.ts';
import { firstOf } from '../fleet/hainan.ts';
import type { Sides } from '../platform/contract.ts';
import { enrol, enrolAll, type MqttAddress } from '../platform/enrol.ts';
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
  /** Enrols the devices that have no credential yet, and enters past swaps once the spares are known. */
  readonly complete: (enrolled: (serial: string, credential: Credential) => void) => Promise<void>;
}

/**
 * Makes the platform know the fleet. The first devices can connect while the others are being enrolled: a credential costs the platform
 * more than a connection.
 */
export async function admit(settings: Settings, world: World, kept: KeptState | null, log: Logger): Promise<Admission> {
  const credentials = kept ? credentialsIn(kept) : new Map<string, Credential>();
  const serving = world.fleet.devices.slice(0, settings.devices);
  // Only a past that is still to be told as it happened needs those who have left.
  const isTold = settings.replayProgram === null || kept?.replayed === true;
  const gone = isTold ? [] : serving.flatMap(({ serial }) => world.replaced.get(serial) ?? []);
  const wanted = [...serving, ...gone].filter((device) => !credentials.has(device.serial));
  const known = knownAddress(settings);
  const [first, ...others] = wanted;
  if (known && !first) return { credentials, address: known, complete: async () => undefined };
  if (!first) throw new Error('nobody knows where devices connect: use --mqtt');
  const { apiKey, token } = readTokens(settings.tokenFile);
  const platform = new Platform({ server: settings.server, apiKey });
  const since = stopwatch();
  // A station without a device would be charged as down for all of its days.
  const delivered = firstOf(world.delivered, settings.devices);
  await seedFleet(platform, delivered, (kind, rows) => log.info(`registry: ${rows} ${kind} (${since()})`));
  const { credential, address } = await enrol(platform, token, first);
  credentials.set(first.serial, credential);
  const complete: Admission['complete'] = async (enrolled) => {
    await enrolAll(platform, token, others, (serial, one) => {
      credentials.set(serial, one);
      enrolled(serial, one);
    });
    log.info(`enrolled ${wanted.length} devices (${since()})`);
    const mine = world.swaps.filter((swap) => credentials.has(swap.newSerial));
    await enterSwaps(platform, mine, (serial) => credentials.get(serial)?.deviceId);
  };
  return { credentials, address: known ?? remember(settings, address, platform.host), complete };
}

function stopwatch(): () => string {
  const began = performance.now();
  return () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
}

/** The keys of the contract's sides, if whoever started us gave them. */
export function sidesOf(settings: Settings): Sides | null {
  if (settings.tokenFile === null) return null;
  const keys = JSON.parse(readFileSync(settings.tokenFile, 'utf8')) as Record<string, string>;
  const { api_key, agency_key, contractor_key, engineer_key } = keys;
  if (!api_key || !agency_key || !contractor_key || !engineer_key) return null;
  const platform = (apiKey: string): Platform => new Platform({ server: settings.server, apiKey });
  return {
    admin: platform(api_key),
    agency: platform(agency_key),
    contractor: platform(contractor_key),
    engineer: platform(engineer_key),
  };
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

function remember(settings: Settings, answer: MqttAddress, host: string): Address {
  const port = settings.tls ? answer.tlsPort : answer.port;
  if (!port) throw new Error('the platform did not say where devices connect; use --mqtt');
  const address = { host: answer.host || host, port, ...(settings.tls && { caPem: answer.caPem ?? '' }) };
  writeFileSync(addressFile(settings), JSON.stringify(address));
  return address;
}
