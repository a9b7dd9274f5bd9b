import type { IncomingMessage } from 'node:http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { apiError } from '../http/errors.ts';
import { MAGIC_BYTES, MEDIA_TYPES, type MediaType, mediaTypeOf, safeName } from './kind.ts';

/** Size of a file at most. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;
/** What a form may have around its file, bytes. */
const FORM_BYTES = 64 * 1024;
/** What of a refused upload is still read and thrown away after the answer, bytes and time; beyond, it is cut off. */
const LINGER_BYTES = 16 * 1024 * 1024;
const LINGER_MS = 10_000;

/** A file of a person, found to be of a kind that is taken. */
export interface Upload {
  readonly name: string;
  readonly type: MediaType;
  readonly content: Buffer;
}

/**
 * The file of a form. It is looked at while it arrives: the first bytes must be those of a kind among `types`, and reading ends
 * with the first byte too many.
 * @throws ApiError `unsupported_media_type`, `invalid_request`, `file_type`, `file_too_large`
 */
export async function readUpload(request: FastifyRequest, types: readonly MediaType[] = MEDIA_TYPES): Promise<Upload> {
  if (!request.isMultipart()) throw apiError('unsupported_media_type', 'Send a form with a file');
  if (declaredBytes(request) > MAX_FILE_BYTES + FORM_BYTES) throw tooLarge();
  const { filename, content } = await readForm(request, types).catch((cause: unknown) => {
    // Whatever busboy stumbles over is the sender's form: cut off, without a boundary, with broken headers.
    const isTold = cause instanceof Error && 'statusCode' in cause;
    throw isTold ? cause : apiError('invalid_request', { detail: 'The form can not be read', cause });
  });
  const type = typeOf(content, types);
  return { name: safeName(filename, type), type, content };
}

async function readForm(
  request: FastifyRequest,
  types: readonly MediaType[],
): Promise<{ filename: string; content: Buffer }> {
  const limits = { fileSize: MAX_FILE_BYTES + 1, files: 1, fields: 5, fieldSize: 1024, parts: 6, headerPairs: 20 };
  const part = await request.file({ limits, throwFileSizeLimit: false });
  if (part === undefined) throw apiError('invalid_request', 'The form has no file');
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of part.file as AsyncIterable<Buffer>) {
    const isFirstLook = bytes < MAGIC_BYTES;
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes > MAX_FILE_BYTES) throw tooLarge();
    if (isFirstLook && bytes >= MAGIC_BYTES) typeOf(Buffer.concat(chunks), types);
  }
  return { filename: part.filename, content: Buffer.concat(chunks, bytes) };
}

/** Answers a request with an upload; one that is refused is answered at once, and its sender gets to read why. */
export async function answering<T>(request: FastifyRequest, reply: FastifyReply, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    reply.header('connection', 'close');
    linger(request.raw);
    throw error;
  }
}

/**
 * Closes the connection of a refused upload in two steps: no more is said, and what still arrives is read for a while. Node would
 * destroy it with bytes unread, which resets it, and a reset takes the answer away from a sender that has not read it yet.
 */
function linger(raw: IncomingMessage): void {
  const { socket } = raw;
  const close = socket.destroySoon;
  socket.destroySoon = () => {
    socket.destroySoon = close;
    if (raw.readableEnded) return socket.destroySoon();
    const most = socket.bytesRead + LINGER_BYTES;
    const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
    socket.once('close', () => clearTimeout(timer));
    raw.on('data', () => {
      if (socket.bytesRead > most) socket.destroy();
    });
    raw.once('end', () => socket.destroySoon());
    raw.unpipe();
    raw.resume();
    socket.end();
  };
}

/** Length of the whole request; 0 if it does not say. */
function declaredBytes(request: FastifyRequest): number {
  return Number(request.headers['content-length'] ?? 0);
}

function typeOf(content: Buffer, types: readonly MediaType[]): MediaType {
  const type = mediaTypeOf(content);
  if (type !== null && types.includes(type)) return type;
  const names = types.map((each) => each.slice(each.indexOf('/') + 1).toUpperCase());
  throw apiError('file_type', `Send one of ${names.join(', ')}`);
}

function tooLarge(): Error {
  return apiError('file_too_large', `A file may have ${MAX_FILE_BYTES / 1024 / 1024} MB`);
}
