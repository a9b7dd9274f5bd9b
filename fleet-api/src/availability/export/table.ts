import type { Language } from '../../registry/shared/csv.ts';
import type { Asked } from '../figures/asked.ts';
import type { ExportQuery } from '../figures/schemas.ts';
export interface Table {
  readonly fileName: string;
}
export async function tableOf(_asked: Asked, _query: ExportQuery, _language: Language): Promise<Table> {
  throw new Error('not yet');
}
export async function* csvRows(_table: Table): AsyncGenerator<string[]> {
  yield [];
}
