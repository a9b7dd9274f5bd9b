import type { Column } from '../ui/table/columns.ts';

/** Columns of the list of faults. */
export function faultColumns(t: (key: string) => string): Column[] {
  const label = (key: string) => t(`faults.column.${key}`);
  return [
    { key: 'number', label: label('number'), width: 84 },
    { key: 'state', label: label('state'), width: 96 },
    { key: 'what', label: label('what'), width: 140, grow: 1 },
    { key: 'where', label: label('where'), width: 140, grow: 2 },
    { key: 'county', label: label('county'), width: 116 },
    { key: 'severity', label: label('severity'), width: 84 },
    { key: 'clock', label: label('clock'), width: 196 },
    { key: 'opened', label: label('opened'), width: 100, align: 'end' },
    { key: 'lasts', label: label('lasts'), width: 104, align: 'end' },
    { key: 'source', label: label('source'), width: 90 },
    { key: 'order', label: label('order'), width: 90 },
  ];
}
