import type { DeviceTransport } from './mqtt.ts';

export interface BannerFacts {
  readonly address: string;
  /** Only at the very first start. */
  readonly oneTimePassword: string | null;
  readonly devices: DeviceTransport | null;
  readonly sms: { readonly sandbox: boolean; readonly baseUrl: string | null } | null;
}

/** What the operator needs to see when everything runs. */
export function banner({ address, oneTimePassword, devices, sms }: BannerFacts): string {
  const ports = Object.entries(devices?.ports ?? {}).filter(([, port]) => port !== null);
  const lines = [
    'Uptally is ready.',
    `  Console:            ${address}`,
    ...(ports.length > 0 ? [`  MQTT:               ${ports.map(([name, port]) => `${name} ${port}`).join(', ')}`] : []),
    ...(sms?.sandbox === true ? [`  SMS sandbox:        ${sms.baseUrl}`] : []),
    ...(oneTimePassword === null
      ? []
      : ['  Sign in as:         admin', `  One-time password:  ${oneTimePassword}   (asked to be changed at once)`]),
  ];
  return `\n${lines.join('\n')}\n\n`;
}
