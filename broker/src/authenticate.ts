import { isDeviceId } from '@uptally/protocol';
import type { AedesOptions, AuthenticateError } from 'aedes';
import { connectionOf, willFault } from './authorize.ts';
import type { Connection } from './connection.ts';
import type { BrokerLimits } from './limits.ts';
import type { Authenticator, DeviceIdentity, RefusalReason } from './ports.ts';
import type { Presence } from './presence.ts';

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const RETURN = { identifier: 2, unavailable: 3, credentials: 4, notAuthorized: 5 } as const;
const MQTT_3_1_1 = 4;
const LONGEST_SECRET_BYTES = 256;

export interface AuthenticateDeps {
  readonly authenticator: Authenticator;
  readonly presence: Presence;
  readonly limits: BrokerLimits;
}

class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly returnCode: number;
  constructor(reason: RefusalReason, returnCode: number) {
    super(reason);
    this.reason = reason;
    this.returnCode = returnCode;
  }
}

/**
 * Who connects: username = client id = device id, password = the device's secret. Nothing is cached: a reconnect asks again, so a
 * revoked device stays out. A bounded number of questions is open at a time; the rest wait their turn.
 */
export function authentication(deps: AuthenticateDeps): Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>> {
  const gate = new Gate(deps.limits.authParallel, deps.limits.authQueue);
  return {
    preConnect(client, packet, done) {
      const connection = connectionOf(client);
      const { will, clientId, keepalive = 0 } = packet;
      connection.hello = {
        clientId,
        keepAliveMs: keepalive * 1000,
        will: will === undefined ? null : { topic: will.topic, qos: will.qos ?? 0, bytes: will.payload.length },
      };
      packet.keepalive = 0; // Connection watches it, since it alone sees every packet
      if (packet.protocolVersion !== MQTT_3_1_1) {
        connection.refuse('protocol_version');
        Object.assign(packet, { protocolVersion: 1 }); // aedes answers CONNACK 1 to what it does not speak ([MQTT-3.1.2-2])
      }
      done(null, true);
    },
    authenticate(client, username, password, done) {
      const connection = connectionOf(client);
      identify(deps, gate, connection, username, password).then(
        () => done(null, true),
        (cause: unknown) => {
          const refusal = cause instanceof Refusal ? cause : new Refusal('auth_unavailable', RETURN.unavailable);
          connection.refuse(refusal.reason);
          const error: AuthenticateError = Object.assign(new Error(refusal.reason, { cause }), {
            returnCode: refusal.returnCode,
          });
          done(error, null);
        },
      );
    },
  };
}

async function identify(
  deps: AuthenticateDeps,
  gate: Gate,
  connection: Connection,
  username: string | undefined,
  password: Buffer | undefined,
): Promise<void> {
  const { limits, presence, authenticator } = deps;
  const { hello } = connection;
  if (hello === null || username === undefined || hello.clientId !== username || !isDeviceId(username)) {
    throw new Refusal('client_id', RETURN.identifier);
  }
  if (password === undefined || password.length === 0 || password.length > LONGEST_SECRET_BYTES) {
    throw new Refusal('credentials', RETURN.credentials);
  }
  const fault = hello.will === null ? null : willFault(hello.will, username, limits.statusBytes);
  if (fault !== null) throw new Refusal(fault, RETURN.notAuthorized);
  presence.authenticating(username, connection);
  try {
    const secret = password.toString('utf8');
    const identity = await gate.run(() => asked(authenticator, connection, username, secret, limits.authTimeoutMs));
    if (identity === null || identity.deviceId !== username) throw new Refusal('credentials', RETURN.credentials);
    connection.device = identity;
    await presence.claim(connection, identity);
  } finally {
    presence.authenticated(username, connection);
  }
}

/** Asks the authenticator, unless the socket is gone by now; gives up after `timeoutMs`. */
async function asked(
  authenticator: Authenticator,
  connection: Connection,
  deviceId: string,
  secret: string,
  timeoutMs: number,
): Promise<DeviceIdentity | null> {
  if (connection.destroyed) return null;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Refusal('auth_unavailable', RETURN.unavailable)), timeoutMs);
  });
  try {
    return await Promise.race([authenticator.authenticate(deviceId, secret), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs at most `parallel` tasks at a time, keeps at most `queue` waiting, refuses the rest. */
class Gate {
  readonly #parallel: number;
  readonly #queue: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(parallel: number, queue: number) {
    this.#parallel = parallel;
    this.#queue = queue;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#parallel) {
      if (this.#waiting.length >= this.#queue) throw new Refusal('auth_unavailable', RETURN.unavailable);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running += 1;
    }
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift(); // hands its place on
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}
