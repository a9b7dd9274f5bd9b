import type { FastifyReply } from 'fastify';
import { type Static, Type } from 'typebox';
import { Id, Instant, nullable, oneOf } from '../http/schemas.ts';
import { attachment, MEDIA_TYPES, type MediaType } from './kind.ts';

/** A file that hangs on something, as lists show it. */
export const FileRow = Type.Object({
  id: Id,
  purpose: Type.String({ description: 'photo, signature, document, sheet' }),
  name: Type.String(),
  media_type: oneOf(MEDIA_TYPES, 'Found out from the content'),
  bytes: Type.Integer(),
  sha256: Type.String({ description: 'Hex' }),
  /** Null: the site, without an account. */
  uploaded_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  uploaded_at: Instant,
});
export type FileRow = Static<typeof FileRow>;

/** The answer of a route that gives a file. */
export const FileContent = Type.Unsafe<Buffer>({ type: 'string', format: 'binary' });

/** Sends content that came from outside, so that no browser shows it in place or runs what is in it. */
export function sendFile(
  reply: FastifyReply,
  file: { readonly name: string; readonly media_type: MediaType; readonly content: Buffer },
): FastifyReply {
  return reply
    .header('content-type', file.media_type)
    .header('content-disposition', attachment(file.name))
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('x-content-type-options', 'nosniff')
    .send(file.content);
}
