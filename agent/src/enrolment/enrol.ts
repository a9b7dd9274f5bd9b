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
  const { status, body, dateMs } = await post(url, { token, serial, ...(model && { model }), inventory });
  if (status < 200 || status > 299)
    throw new EnrolmentError(`the platform refused: ${reasonIn(body) ?? `HTTP ${status}`}`);
  if (!isResponse(body)) throw new EnrolmentError('the platform gave an answer that is not an enrolment');
  const { device_id, secret, mqtt, ca_pem } = body;
  const tls = !plain && mqtt.tls_port !== null;
  const port = tls ? mqtt.tls_port : mqtt.port;
  if (port === null) throw new EnrolmentError('the platform offers no MQTT port of the wanted kind');
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

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly dateMs: number;
}

/** Posts JSON. Not by `fetch`: that needs WebAssembly, which the agent runs without. */
async function post(url: URL, body: unknown): Promise<Answer> {
  const { request } = url.protocol === 'https:' ? await import('node:https') : await import('node:http');
  const content = JSON.stringify(body);
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(content) };
  return new Promise((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(new EnrolmentError(`${url.origin} can not be reached: ${cause.message || String(cause)}`, { cause }));
    const outgoing = request(url, { method: 'POST', headers, timeout: TIMEOUT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', fail);
      response.on('end', () => {
        const dateMs = Date.parse(response.headers.date ?? '');
        resolve({ status: response.statusCode ?? 0, body: parsed(text), dateMs });
      });
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    outgoing.on('error', fail);
    outgoing.end(content);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
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
