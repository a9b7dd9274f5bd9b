/** A field that the server refused, by its path in the request. */
export interface FieldFault {
  readonly path: string;
  readonly code: string;
  readonly message: string;
}

interface ProblemBody {
  readonly code?: unknown;
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly errors?: unknown;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isFault(value: unknown): value is FieldFault {
  return typeof value === 'object' && value !== null && 'path' in value;
}

/** Longest that anybody is made to wait before we ask again, ms. */
const LONGEST_WAIT_MS = 10_000;

/** The server's `Retry-After` in ms, whichever of its two forms it has; null without one that can be read. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  if (text === '') return null;
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(Math.max(waitMs, 0), LONGEST_WAIT_MS) : null;
}

interface ProblemOptions {
  readonly cause?: unknown;
  readonly retryAfterMs?: number | null;
}

/** An answer that is not a success: RFC 9457 problem details with our stable `code`. Status 0: no answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly FieldFault[];
  readonly body: Readonly<Record<string, unknown>>;
  /** How long the server asks us to wait before we come again, ms; null: it does not say. */
  readonly retryAfterMs: number | null;

  constructor(status: number, body: unknown, options: ProblemOptions = {}) {
    const fields = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody;
    const code = text(fields.code) || (status === 0 ? 'network' : `http_${status}`);
    super(text(fields.title) || code, { cause: options.cause });
    this.status = status;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.code = code;
    this.detail = text(fields.detail);
    this.faults = Array.isArray(fields.errors) ? fields.errors.filter(isFault) : [];
    this.body = fields as Record<string, unknown>;
  }

  get forbidden(): boolean {
    return this.status === 403;
  }

  get retryable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}
