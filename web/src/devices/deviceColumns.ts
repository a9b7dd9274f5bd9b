import type { Column } from '../ui/table/columns.ts';

type Translate = (key: string) => string;

/** Columns of the device list, most telling first. */
export function deviceColumns(t: Translate): Column[] {
  const label = (key: string) => t(`devices.column.${key}`);
  return [
    { key: 'state', label: label('state'), width: 78, sort: 'state' },
    { key: 'place', label: label('place'), width: 210, grow: 3, sort: 'place' },
    { key: 'county', label: label('county'), width: 130, grow: 1 },
    { key: 'serial', label: label('serial'), width: 128, sort: 'serial' },
    { key: 'faults', label: label('faults'), width: 150, grow: 2 },
    { key: 'changed', label: label('changed'), width: 104, align: 'end', sort: 'changed_at', first: 'desc' },
    { key: 'seen', label: label('seen'), width: 92, align: 'end' },
    { key: 'signal', label: label('signal'), width: 78, align: 'end', sort: 'signal_dbm' },
    { key: 'rtt', label: label('rtt'), width: 70, align: 'end', sort: 'rtt_ms', first: 'desc' },
    { key: 'sim', label: label('sim'), width: 78, align: 'end', sort: 'sim_bytes', first: 'desc' },
    { key: 'lifecycle', label: label('lifecycle'), width: 84 },
  ];
}
