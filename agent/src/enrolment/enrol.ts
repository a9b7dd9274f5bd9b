import type { Credentials } from './credentials.ts';

export interface EnrolRequest {
  /** Base URL of the platform. */
  readonly server: string;
  readonly token: string;
  readonly serial: string;
  readonly model?: string | undefined;
  readonly inventory: Readonly<Record<string, unknown>>;
  /** Broker host to use instead of the one that the platform names. */
  readonly host?: string | undefined;
  /** Connect without TLS. */
  readonly plain: boolean;
}

/** The platform refused or gave no usable answer. */
export class EnrolmentError extends Error {
  override readonly name = 'EnrolmentError';
}

interface EnrolResponse {
  readonly device_id: string;
  readonly secret: string;
  readonly mqtt: { readonly host: string; readonly port: number | null; readonly tls_port: number | null };
  readonly ca_pem?: string | null;
}

const TIMEOUT_MS = 30_000;

/** Exchanges a token for credentials of this device's own. */
export async function enrol(request: EnrolRequest): Promise<Credentials> {
  const { server, token, serial, model, inventory, plain } = request;
  const url = new URL('api/v1/enrol', server.endsWith('/') ? server : `${server}/`);
  const response = await post(url, { token, serial, ...(model && { model }), inventory });
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new EnrolmentError(`the platform refused: ${reasonIn(body) ?? `HTTP ${response.status}`}`);
  if (!isResponse(body)) throw new EnrolmentError('the platform gave an answer that is not an enrolment');
  const { device_id, secret, mqtt, ca_pem } = body;
  const tls = !plain && mqtt.tls_port !== null;
  const port = tls ? mqtt.tls_port : mqtt.port;
  if (port === null) throw new EnrolmentError('the platform offers no MQTT port of the wanted kind');
  const dateMs = Date.parse(response.headers.get('date') ?? '');
  return {
    device_id,
    secret,
    serial,
    server,
    host: request.host ?? mqtt.host,
    port,
    ca_pem: tls ? (ca_pem ?? '') : null,
    enrolled_ms: Number.isNaN(dateMs) ? Date.now() : dateMs,
  };
}

async function post(url: URL, body: unknown): Promise<Response> {
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new EnrolmentError(`${url.origin} can not be reached: ${reason}`, { cause });
  }
}

/** The words of a problem document (RFC 9457). */
function reasonIn(body: unknown): string | null {
  const { title, detail, code } = (body ?? {}) as Record<string, unknown>;
  const words = [code, detail ?? title].filter((word) => typeof word === 'string');
  return words.length > 0 ? words.join(': ') : null;
}

function isResponse(body: unknown): body is EnrolResponse {
  const { device_id, secret, mqtt } = (body ?? {}) as Partial<EnrolResponse>;
  const isPort = (port: unknown) => port === null || (Number.isInteger(port) && (port as number) > 0);
  return (
    typeof device_id === 'string' &&
    typeof secret === 'string' &&
    typeof mqtt?.host === 'string' &&
    isPort(mqtt.port) &&
    isPort(mqtt.tls_port)
  );
}
