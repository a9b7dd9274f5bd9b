import type { Column } from '../ui/table/columns.ts';

/** Columns of the ledger. */
export function ledgerColumns(t: (key: string) => string): Column[] {
  const label = (key: string) => t(`ledger.column.${key}`);
  return [
    { key: 'number', label: label('number'), width: 88 },
    { key: 'state', label: label('state'), width: 88 },
    { key: 'where', label: label('where'), width: 150, grow: 2 },
    { key: 'what', label: label('what'), width: 140, grow: 2 },
    { key: 'opened', label: label('opened'), width: 132, align: 'end' },
    { key: 'lasted', label: label('lasted'), width: 96, align: 'end' },
    { key: 'swap', label: label('swap'), width: 120, grow: 1 },
    { key: 'cost', label: label('cost'), width: 84, align: 'end' },
    { key: 'warranty', label: label('warranty'), width: 48 },
    { key: 'cause', label: label('cause'), width: 140, grow: 2 },
    { key: 'site', label: label('site'), width: 78 },
  ];
}
