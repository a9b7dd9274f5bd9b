import type { Column } from '../../ui/table/columns.ts';

/** Columns of the list of inspections. */
export function taskColumns(t: (key: string) => string): Column[] {
  const label = (key: string) => t(`inspections.column.${key}`);
  return [
    { key: 'status', label: label('status'), width: 122 },
    { key: 'place', label: label('place'), width: 170, grow: 3 },
    { key: 'county', label: label('county'), width: 116 },
    { key: 'period', label: label('period'), width: 150 },
    { key: 'due', label: label('dueAt'), width: 136 },
    { key: 'assignee', label: label('assignee'), width: 168 },
    { key: 'done', label: label('doneAt'), width: 110, align: 'end' },
    { key: 'faulty', label: label('faulty'), width: 60, align: 'end' },
  ];
}
