/**
 * Numbers that behave as they do with Twilio's test credentials, and some more for what those can't show.
 * https://www.twilio.com/docs/iam/test-credentials
 */

export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
}

/** What becomes of a message to a number. */
export type Behaviour =
  | { readonly kind: 'deliver' }
  | { readonly kind: 'refuse'; readonly refusal: Refusal; readonly times: number }
  /** Accepted, then reported as undelivered. */
  | { readonly kind: 'undelivered'; readonly errorCode: number }
  /** The connection is cut without an answer, after (`kept`) or before the message was taken. */
  | { readonly kind: 'cut'; readonly kept: boolean; readonly times: number };

const ALWAYS = Number.POSITIVE_INFINITY;
const refuse = (status: number, code: number, message: string, times = ALWAYS): Behaviour => ({
  kind: 'refuse',
  refusal: { status, code, message },
  times,
});

const BY_NUMBER: Readonly<Record<string, Behaviour>> = {
  '+15005550001': refuse(400, 21211, "Invalid 'To' Phone Number: +15005550001"),
  '+15005550002': refuse(400, 21612, 'Message cannot be sent with the current combination of To and From'),
  '+15005550003': refuse(400, 21408, 'Permission to send an SMS has not been enabled for the region'),
  '+15005550004': refuse(400, 21610, 'Attempt to send to unsubscribed recipient'),
  '+15005550009': refuse(400, 21614, "'To' number is not a valid mobile number"),
  // The rest is ours: +150055 and the code.
  '+15005520003': refuse(401, 20003, 'Authenticate'),
  '+15005520429': refuse(429, 20429, 'Too Many Requests', 2),
  '+15005550500': refuse(500, 20500, 'Internal Server Error', 1),
  '+15005550504': { kind: 'cut', kept: true, times: 1 },
  '+15005550505': { kind: 'cut', kept: false, times: 1 },
};

/** How the sandbox treats a recipient. `+150055` followed by 30002 to 30008 is undelivered with that code. */
export function behaviourOf(to: string): Behaviour {
  const known = BY_NUMBER[to];
  if (known !== undefined) return known;
  const code = /^\+150055(3000[2-8])$/.exec(to)?.[1];
  return code === undefined ? { kind: 'deliver' } : { kind: 'undelivered', errorCode: Number(code) };
}

/** Senders of the test credentials that are refused. */
export function refusedSender(from: string): Refusal | null {
  if (from === '+15005550001') return { status: 400, code: 21212, message: "Invalid 'From' Phone Number" };
  if (from === '+15005550007') return { status: 400, code: 21606, message: "'From' is not able to send SMS" };
  if (from === '+15005550008') return { status: 400, code: 21611, message: "This 'From' number has a full queue" };
  return null;
}
