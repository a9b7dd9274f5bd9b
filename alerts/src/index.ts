export { type Alerts, type AlertsOptions, createAlerts } from './alerts.ts';
export { DEFAULT_POLICY, type Policy } from './engine/policy.ts';
export { type Notifier, type OutgoingSms, type ProviderMessage, SendError } from './notify/notifier.ts';
export { createTwilioNotifier, type TwilioOptions } from './notify/twilio.ts';
export { type SandboxOptions, SmsSandbox } from './sms-sandbox/server.ts';
