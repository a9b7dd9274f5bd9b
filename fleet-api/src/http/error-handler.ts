import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { App } from './capability.ts';
import { ApiError, type ApiErrorOptions, type ErrorCode, problemOf } from './errors.ts';
import { RequestInvalid } from './validation.ts';

/** Makes a problem document of whatever went wrong, in this one place. */
export function registerErrorHandling(app: App): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    const { code, options } = classify(error);
    if (code === 'internal') request.log.error({ err: error }, 'request failed');
    return sendProblem(request, reply, code, options);
  });
}

/** Answers with a catalogue entry. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  code: ErrorCode,
  options: ApiErrorOptions,
): FastifyReply {
  const problem = problemOf(code, options, request.id);
  return reply
    .code(problem.status)
    .headers({ ...options.headers, 'content-type': 'application/problem+json; charset=utf-8' })
    .serializer(JSON.stringify)
    .send(problem);
}

interface Classified {
  readonly code: ErrorCode;
  readonly options: ApiErrorOptions;
}

function classify(error: unknown): Classified {
  if (error instanceof ApiError) return { code: error.code, options: error.options };
  if (error instanceof RequestInvalid) {
    return { code: 'invalid_request', options: { detail: error.message, errors: error.errors } };
  }
  const code = codeOf(error);
  return {
    code: FRAMEWORK[code] ?? SQLSTATES[code] ?? classOf(code) ?? ofPool(error) ?? byStatus(error),
    options: optionsOf(error),
  };
}

/** Codes of Fastify and its plugins. */
const FRAMEWORK: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_REQ_FILE_TOO_LARGE: 'payload_too_large',
  FST_FILES_LIMIT: 'payload_too_large',
  FST_PARTS_LIMIT: 'payload_too_large',
  FST_FIELDS_LIMIT: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
  FST_UNDER_PRESSURE: 'overloaded',
};

/** SQLSTATEs that a caller can cause or should understand (PostgreSQL manual, appendix A). */
const SQLSTATES: Readonly<Record<string, ErrorCode>> = {
  '23505': 'already_exists',
  '23503': 'unknown_reference',
  '23P01': 'conflict',
  '22021': 'invalid_text',
  '22P05': 'invalid_text',
  '22003': 'invalid_request',
  '22007': 'invalid_request',
  '22P02': 'invalid_request',
  '22008': 'invalid_request',
  '40001': 'conflict',
  '40P01': 'conflict',
  '57014': 'query_timeout',
  ECONNREFUSED: 'database_unavailable',
  ECONNRESET: 'database_unavailable',
};

/** SQLSTATE classes 08 (connection), 53 (resources) and 57P (shutdown): the database can't serve now. */
function classOf(code: string): ErrorCode | undefined {
  return /^(08|53)...$|^57P..$/.test(code) ? 'database_unavailable' : undefined;
}

/** What pg and its pool say, without a code, of a connection that was not to be had in time or broke. */
function ofPool(error: unknown): ErrorCode | undefined {
  const message = error instanceof Error ? error.message : '';
  return /^(timeout exceeded when trying to connect|Connection terminated)/.test(message)
    ? 'database_unavailable'
    : undefined;
}

function byStatus(error: unknown): ErrorCode {
  const status = error instanceof Error ? (error as FastifyError).statusCode : undefined;
  if (status === 429) return 'too_many_requests';
  if (status === 413) return 'payload_too_large';
  if (status === 503) return 'overloaded';
  if (status === 408) return 'request_timeout';
  return status !== undefined && status >= 400 && status < 500 ? 'invalid_request' : 'internal';
}

function optionsOf(error: unknown): ApiErrorOptions {
  const code = codeOf(error);
  if (code === '23505' || code === '23503') {
    // "Key (code)=(x) already exists.": names the column and the caller's own value, nothing of other rows.
    const detail: unknown = Reflect.get(error as object, 'detail');
    return typeof detail === 'string' ? { detail } : {};
  }
  const status = error instanceof Error ? (error as FastifyError).statusCode : undefined;
  if (error instanceof Error && status !== undefined && status < 500 && status >= 400) return { detail: error.message };
  return {};
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' ? code : '';
}
