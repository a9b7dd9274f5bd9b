import { randomBytes } from 'node:crypto';
import { smsSize } from '../words/segments.ts';

/** Message resources as Twilio's API 2010-04-01 shows them (schema `api.v2010.account.message` of its OpenAPI document). */

export type Status = 'accepted' | 'queued' | 'sending' | 'sent' | 'delivered' | 'undelivered' | 'failed';

export interface StoredMessage {
  readonly sid: string;
  readonly accountSid: string;
  readonly to: string;
  from: string | null;
  readonly messagingServiceSid: string | null;
  readonly body: string;
  readonly statusCallback: string | null;
  readonly createdAtMs: number;
  updatedAtMs: number;
  sentAtMs: number | null;
  status: Status;
  errorCode: number | null;
}

export const API_VERSION = '2010-04-01';

const ERROR_TEXTS: Readonly<Record<number, string>> = {
  30002: 'Account suspended',
  30003: 'Unreachable destination handset',
  30005: 'Unknown destination handset',
  30006: 'Landline or unreachable carrier',
  30007: 'Message filtered',
  30008: 'Unknown error',
};

export function newSid(prefix: 'SM'): string {
  return prefix + randomBytes(16).toString('hex');
}

/** The resource as JSON. */
export function resourceOf(message: StoredMessage): Record<string, unknown> {
  const uri = `/${API_VERSION}/Accounts/${message.accountSid}/Messages/${message.sid}`;
  return {
    account_sid: message.accountSid,
    api_version: API_VERSION,
    body: message.body,
    date_created: rfc2822(message.createdAtMs),
    date_sent: message.sentAtMs === null ? null : rfc2822(message.sentAtMs),
    date_updated: rfc2822(message.updatedAtMs),
    direction: 'outbound-api',
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : (ERROR_TEXTS[message.errorCode] ?? null),
    from: message.from,
    messaging_service_sid: message.messagingServiceSid,
    num_media: '0',
    num_segments: message.from === null ? '0' : String(smsSize(message.body).segments),
    price: null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: message.to,
    uri: `${uri}.json`,
  };
}

/** What is posted to a status callback. */
export function callbackOf(message: StoredMessage, status: Status): Record<string, string> {
  return {
    AccountSid: message.accountSid,
    ApiVersion: API_VERSION,
    From: message.from ?? '',
    MessageSid: message.sid,
    MessageStatus: status,
    SmsSid: message.sid,
    SmsStatus: status,
    To: message.to,
    ...(message.errorCode === null ? {} : { ErrorCode: String(message.errorCode) }),
  };
}

/** "Thu, 24 Aug 2023 05:01:45 +0000", as the API writes instants. */
export function rfc2822(atMs: number): string {
  return new Date(atMs).toUTCString().replace('GMT', '+0000');
}
