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

/** An answer that is not a success: RFC 9457 problem details with our stable `code`. Status 0: no answer at all. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly faults: readonly FieldFault[];
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: unknown, options?: { cause?: unknown }) {
    const fields = (typeof body === 'object' && body !== null ? body : {}) as ProblemBody;
    const code = text(fields.code) || (status === 0 ? 'network' : `http_${status}`);
    super(text(fields.title) || code, options);
    this.status = status;
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
