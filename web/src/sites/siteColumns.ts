import type { Column } from '../ui/table/columns.ts';

type Translate = (key: string) => string;

export function siteColumns(t: Translate): Column[] {
  const label = (key: string) => t(`sites.column.${key}`);
  return [
    { key: 'name', label: label('name'), width: 220, grow: 2, sort: 'name' },
    { key: 'region', label: label('region'), width: 190, grow: 1 },
    { key: 'kind', label: label('kind'), width: 130 },
    { key: 'stations', label: label('stations'), width: 70, align: 'end' },
    { key: 'shares', label: label('shares'), width: 110 },
    { key: 'wrong', label: label('wrong'), width: 150, grow: 1 },
    { key: 'code', label: label('code'), width: 130, sort: 'code' },
    { key: 'address', label: label('address'), width: 160, grow: 2 },
  ];
}
