import type { DemoLogin } from './demo.ts';
import type { DeviceTransport } from './mqtt.ts';

export interface BannerFacts {
  readonly address: string;
  /** Only at the very first start. */
  readonly oneTimePassword: string | null;
  /** People of the demo, only at its very first start. */
  readonly demoLogins: readonly DemoLogin[];
  readonly devices: DeviceTransport | null;
  readonly sms: { readonly sandbox: boolean; readonly baseUrl: string | null } | null;
}

/** What the operator needs to see when everything runs. */
export function banner({ address, oneTimePassword, demoLogins, devices, sms }: BannerFacts): string {
  const ports = Object.entries(devices?.ports ?? {}).filter(([, port]) => port !== null);
  const lines = [
    'Uptally is ready.',
    `  Console:            ${address}`,
    ...(ports.length > 0 ? [`  MQTT:               ${ports.map(([name, port]) => `${name} ${port}`).join(', ')}`] : []),
    ...(sms?.sandbox === true ? [`  SMS sandbox:        ${sms.baseUrl}`] : []),
    ...(oneTimePassword === null
      ? []
      : ['  Sign in as:         admin', `  One-time password:  ${oneTimePassword}   (asked to be changed at once)`]),
    ...demoLogins.map(
      ({ login, role, password }) => `  or as ${`${login}:`.padEnd(14)}${password}   (${role}; told this once)`,
    ),
  ];
  return `\n${lines.join('\n')}\n\n`;
}
