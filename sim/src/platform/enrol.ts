import { trueNowMs } from '../device/clock.ts';
import type { FleetDevice } from '../fleet/types.ts';
import type { Credential } from '../run/life.ts';
import type { Platform } from './http.ts';

/** Where devices connect, as enrolment tells them. */
export interface MqttAddress {
  readonly host: string;
  readonly port: number | null;
  readonly tlsPort: number | null;
  readonly caPem: string | null;
}

interface EnrolAnswer {
  readonly device_id: string;
  readonly secret: string;
  readonly mqtt: { readonly host: string; readonly port: number | null; readonly tls_port: number | null };
  readonly ca_pem: string | null;
  readonly next?: { readonly seq: number; readonly boot: number; readonly session: number };
}

/** Requests at a time. */
const PARALLEL = 12;

/** Enrols one device by the way that real ones take, `POST /enrol` with a counted token. Rejects on a refusal. */
export async function enrol(
  platform: Platform,
  token: string,
  device: FleetDevice,
): Promise<{ readonly credential: Credential; readonly address: MqttAddress }> {
  const wish = { token, serial: device.serial, model: device.modelCode };
  const { device_id: deviceId, secret, mqtt, ca_pem: caPem, next } = await platform.post<EnrolAnswer>('/enrol', wish);
  return {
    credential: { deviceId, secret, enrolledMs: Math.floor(trueNowMs()), ...(next && { next }) },
    address: { host: mqtt.host, port: mqtt.port, tlsPort: mqtt.tls_port, caPem },
  };
}

/** Enrols many, and hands each credential over as it comes. */
export async function enrolAll(
  platform: Platform,
  token: string,
  devices: readonly FleetDevice[],
  enrolled: (serial: string, credential: Credential) => void,
): Promise<void> {
  const queue = devices.values();
  const worker = async (): Promise<void> => {
    for (const device of queue) enrolled(device.serial, (await enrol(platform, token, device)).credential);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}
