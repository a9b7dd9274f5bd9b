import type { Column } from '../ui/table/columns.ts';

/** Columns of the list of exclusions. */
export function exclusionColumns(t: (key: string) => string): Column[] {
  const label = (key: string) => t(`exclusions.column.${key}`);
  return [
    { key: 'id', label: label('id'), width: 48, align: 'end' },
    { key: 'state', label: label('state'), width: 100 },
    { key: 'target', label: label('target'), width: 160, grow: 2 },
    { key: 'kind', label: label('kind'), width: 124 },
    { key: 'when', label: label('when'), width: 200 },
    { key: 'lasts', label: label('lasts'), width: 100, align: 'end' },
    { key: 'reason', label: label('reason'), width: 120, grow: 2 },
    { key: 'files', label: label('files'), width: 44, align: 'end' },
    { key: 'proposed', label: label('proposed'), width: 120, grow: 1 },
    { key: 'at', label: label('at'), width: 98, align: 'end' },
  ];
}
