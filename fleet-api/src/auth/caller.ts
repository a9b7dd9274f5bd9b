import type { FastifyRequest } from 'fastify';
import { apiError } from '../http/errors.ts';
import type { Role } from './permissions.ts';

/** The person, or the program on a person's behalf, that makes a request. */
export interface Caller {
  readonly userId: number;
  readonly login: string;
  readonly name: string;
  readonly role: Role;
  readonly orgId: number;
  /** Regions whose subtrees the caller may see; null: everything. Bind it in SQL, see `scope.ts`. */
  readonly regionIds: readonly number[] | null;
  readonly mustChangePassword: boolean;
  /** How the caller proved who it is. */
  readonly via:
    | { readonly kind: 'session'; readonly tokenHash: Buffer }
    | { readonly kind: 'key'; readonly id: number };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Null on public routes: credentials are not looked at there. */
    caller: Caller | null;
  }
}

/** The caller of a route that demands one. @throws ApiError `unauthenticated` */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw apiError('unauthenticated');
  return request.caller;
}
