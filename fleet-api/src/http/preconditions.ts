import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiError } from './errors.ts';

/**
 * Lost-update protection (RFC 9110, 13.1.1). A read sends the row's `version` as ETag; a change that brings it back in
 * If-Match is refused with `version_conflict` if someone was faster. Without If-Match the last one wins.
 */
export function sendVersion(reply: FastifyReply, version: number): void {
  reply.header('etag', `"${version}"`);
}

/** Sends the ETag of what is answered. */
export function versioned<T extends { readonly version: number }>(reply: FastifyReply, answer: T): T {
  sendVersion(reply, answer.version);
  return answer;
}

/**
 * The version that the caller has seen, or null. Bind it: `update ... where id = $1 and version = coalesce($2, version)`.
 * @throws ApiError `invalid_request` if the header is not one of our ETags
 */
export function expectedVersion(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return null;
  const match = /^(?:W\/)?"(\d{1,9})"$/.exec(header);
  if (match === null) throw apiError('invalid_request', 'If-Match must be an ETag of this resource');
  return Number(match[1]);
}

/** Decides between the two reasons for an update that touched no row. */
export function missedUpdate(existsInScope: boolean): Error {
  return apiError(existsInScope ? 'version_conflict' : 'not_found');
}
