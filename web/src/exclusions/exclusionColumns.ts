import type { Column } from '../ui/table/columns.ts';

/** Columns of the list of exclusions. */
export function exclusionColumns(t: (key: string) => string): Column[] {
  const label = (key: string) => t(`exclusions.column.${key}`);
  return [
    { key: 'id', label: label('id'), width: 62, align: 'end' },
    { key: 'state', label: label('state'), width: 92 },
    { key: 'target', label: label('target'), width: 190, grow: 2 },
    { key: 'kind', label: label('kind'), width: 118 },
    { key: 'when', label: label('when'), width: 280, grow: 1 },
    { key: 'lasts', label: label('lasts'), width: 96, align: 'end' },
    { key: 'reason', label: label('reason'), width: 160, grow: 2 },
    { key: 'files', label: label('files'), width: 58, align: 'end' },
    { key: 'proposed', label: label('proposed'), width: 150, grow: 1 },
    { key: 'at', label: label('at'), width: 96, align: 'end' },
  ];
}
