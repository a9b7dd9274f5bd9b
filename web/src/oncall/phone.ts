/** A number as it is typed here, in E.164: `138 0000 0000` is a mainland mobile; anything else needs its country code. */
export function toE164(typed: string): string {
  const bare = typed.replace(/[\s()-]/g, '').replace(/^00/, '+');
  return /^1[3-9]\d{9}$/.test(bare) ? `+86${bare}` : bare;
}

/** What the server takes; of mainland numbers only mobile ones, as no other gets an SMS there. */
export function isPhone(e164: string): boolean {
  return /^\+(?:861[3-9]\d{9}|(?!86)[1-9]\d{6,14})$/.test(e164);
}

/** `+86 138 0000 0000`; foreign numbers as they are. */
export function showPhone(e164: string): string {
  return e164.replace(/^\+86(\d{3})(\d{4})(\d{4})$/, '+86 $1 $2 $3');
}
