import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { apiError } from '../../http/errors.ts';

/** Size of an upload at most. */
export const MAX_BYTES = 50 * 1024 * 1024;

/**
 * Puts the upload (the file of a form, or the body itself) into a file of its own, gives it to `use` and removes it.
 * @throws ApiError `payload_too_large`, `unsupported_media_type`
 */
export async function withUpload<T>(request: FastifyRequest, use: (path: string) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'uptally-import-'));
  const path = join(directory, 'upload.csv');
  try {
    await pipeline(await sourceOf(request), bounded(), createWriteStream(path, { mode: 0o600 }));
    return await use(path);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function sourceOf(request: FastifyRequest): Promise<Readable> {
  if (request.isMultipart()) {
    const file = await request.file({ limits: { fileSize: MAX_BYTES + 1 } });
    if (file === undefined) throw apiError('invalid_request', 'The form has no file');
    return file.file;
  }
  const body = request.body as Readable | undefined;
  if (typeof body?.pipe !== 'function') throw apiError('unsupported_media_type', 'Send text/csv or a form with a file');
  return body;
}

function bounded(): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_BYTES) done(apiError('payload_too_large', 'A file may have 50 MB'));
      else done(null, chunk);
    },
  });
}
