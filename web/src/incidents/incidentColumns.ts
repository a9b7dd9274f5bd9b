import type { Column } from '../ui/table/columns.ts';

type Translate = (key: string) => string;

/** Columns of the list of incidents; only where some wait for a person is there a button to take them. */
export function incidentColumns(t: Translate, view: string): Column[] {
  const label = (key: string) => t(`incidents.column.${key}`);
  const columns: Column[] = [
    { key: 'state', label: label('state'), width: 86 },
    { key: 'what', label: label('what'), width: 260, grow: 4 },
    { key: 'county', label: label('county'), width: 120, grow: 1 },
    { key: 'devices', label: label('devices'), width: 96, align: 'end' },
    { key: 'opened', label: label('opened'), width: 104, align: 'end' },
    { key: 'lasting', label: label('lasting'), width: 104, align: 'end' },
    { key: 'handling', label: label('handling'), width: 160, grow: 1 },
  ];
  const waiting = view === 'open' || view === 'all';
  return waiting ? [...columns, { key: 'ack', label: '', width: 84, align: 'end' }] : columns;
}
