import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Signature of a form-encoded webhook: base64(HMAC-SHA1(auth token, URL + each parameter's name and value, sorted by name)).
 * https://www.twilio.com/docs/usage/security#validating-requests
 */
export function twilioSignature(authToken: string, url: string, params: Readonly<Record<string, string>>): string {
  const joined = Object.keys(params)
    .sort()
    .reduce((text, name) => text + name + params[name], url);
  return createHmac('sha1', authToken).update(joined, 'utf8').digest('base64');
}

/** Compares in constant time. */
export function signatureMatches(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}
