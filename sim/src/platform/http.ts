/** The platform answered with an error, or not at all. `status` 0: no answer. */
export class PlatformError extends Error {
  override readonly name = 'PlatformError';
  readonly status: number;
  readonly body: unknown;
  constructor(message: string, status: number, body: unknown, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.body = body;
  }
}

export interface PlatformOptions {
  /** e.g. http://127.0.0.1:8080 */
  readonly server: string;
  readonly apiKey?: string;
}

const ATTEMPTS = 5;
const TIMEOUT_MS = 120_000;

/** A client of the platform's public API: the simulator has no other way in. */
export class Platform {
  readonly #options: PlatformOptions;

  constructor(options: PlatformOptions) {
    this.#options = options;
  }

  get host(): string {
    return new URL(this.#options.server).hostname.replace(/^\[|\]$/g, '');
  }

  get<T>(path: string): Promise<T> {
    return this.#call<T>('GET', path);
  }

  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('POST', path, { type: 'application/json', text: JSON.stringify(body) });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('PATCH', path, { type: 'application/json', text: JSON.stringify(body) });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#call<T>('PUT', path, { type: 'application/json', text: JSON.stringify(body) });
  }

  postCsv<T>(path: string, csv: string): Promise<T> {
    return this.#call<T>('POST', path, { type: 'text/csv; charset=utf-8', text: csv });
  }

  /** Retries what may be tried again: no answer, 429, 502 to 504. */
  async #call<T>(method: string, path: string, body?: { readonly type: string; readonly text: string }): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#once<T>(method, path, body);
      } catch (error) {
        const again = error instanceof PlatformError && [0, 429, 502, 503, 504].includes(error.status);
        if (!again || attempt === ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250 * 2 ** attempt));
      }
    }
  }

  async #once<T>(method: string, path: string, body?: { readonly type: string; readonly text: string }): Promise<T> {
    const headers: Record<string, string> = { accept: 'application/json' };
    if (this.#options.apiKey) headers.authorization = `Bearer ${this.#options.apiKey}`;
    if (body) headers['content-type'] = body.type;
    const request = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS), ...(body && { body: body.text }) };
    const response = await fetch(new URL(`/api/v1${path}`, this.#options.server), request).catch((cause: unknown) => {
      throw new PlatformError(`${method} ${path}: no answer`, 0, null, { cause });
    });
    const text = await response.text();
    const answer: unknown = text === '' ? null : parsed(text);
    if (response.ok) return answer as T;
    const detail = (answer as { detail?: string; title?: string } | null)?.detail ?? text.slice(0, 300);
    throw new PlatformError(`${method} ${path}: ${response.status} ${detail}`, response.status, answer);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
