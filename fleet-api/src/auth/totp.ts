import { Secret, TOTP } from 'otpauth';

const PERIOD_S = 30;
/** Steps of clock difference accepted on either side. */
const WINDOW = 1;

/** A new secret of the second factor, base32, 160 bits (RFC 4226, 4 R6). */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** What an authenticator app scans. */
export function totpUri(secret: string, login: string): string {
  return totpOf(secret, login).toString();
}

/**
 * The step whose code this is, or null if it is wrong or not newer than the last step accepted: a code is good once
 * (RFC 6238, 5.2).
 */
export function acceptedStep(secret: string, code: string, nowMs: number, lastStep: number): number | null {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: nowMs, window: WINDOW });
  if (delta === null) return null;
  const step = Math.floor(nowMs / 1000 / PERIOD_S) + delta;
  return step > lastStep ? step : null;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Uptally',
    label: label === '' ? 'Uptally' : label,
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}
