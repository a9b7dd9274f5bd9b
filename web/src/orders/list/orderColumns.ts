import type { Column } from '../../ui/table/columns.ts';

/** Columns of the list of work orders. */
export function orderColumns(t: (key: string) => string): Column[] {
  const label = (key: string) => t(`orders.column.${key}`);
  return [
    { key: 'number', label: label('number'), width: 84 },
    { key: 'state', label: label('state'), width: 108 },
    { key: 'fault', label: label('fault'), width: 130, grow: 2 },
    { key: 'place', label: label('place'), width: 160, grow: 3 },
    { key: 'county', label: label('county'), width: 116 },
    { key: 'severity', label: label('severity'), width: 84 },
    { key: 'clock', label: label('clock'), width: 196 },
    { key: 'assignee', label: label('assignee'), width: 168 },
    { key: 'opened', label: label('opened'), width: 98, align: 'end' },
  ];
}
