import type { Table } from './table.ts';
export async function workbookOf(_table: Table): Promise<Buffer> {
  throw new Error('not yet');
}
