import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Queryable } from '../../db/index.ts';
import { MAX_FILE_BYTES, mediaTypeOf, safeName, type Upload } from '../../files/index.ts';
import { apiError } from '../../http/errors.ts';

interface ReportRow {
  readonly files: readonly { readonly name: string; readonly path: string }[];
}

/**
 * The PDFs of a report that was made here, to be kept with the document that it is handed in as: what was handed in must stay, while
 * made files go after a time. `dir` is where they lie.
 * @throws ApiError `unknown_reference` if the contract has no such report, or its files are not there (any more)
 */
export async function reportFiles(db: Queryable, contractId: number, id: string, dir: string): Promise<Upload[]> {
  const { rows } = await db.query<ReportRow>(
    `select files from document where id = $1 and contract_id = $2 and state = 'done' and removed_at is null and subject like 'report:%'`,
    [id, contractId],
  );
  const uploads: Upload[] = [];
  for (const file of rows[0]?.files ?? []) {
    const content = await readFile(join(dir, file.path)).catch(() => null);
    const type = content === null ? null : mediaTypeOf(content);
    if (content === null || type === null || content.length > MAX_FILE_BYTES) continue;
    uploads.push({ name: safeName(file.name, type), type, content });
  }
  if (uploads.length === 0)
    throw apiError('unknown_reference', 'No such report of this contract, or its files are gone');
  return uploads;
}
