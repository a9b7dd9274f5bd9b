import type { Column } from '../ui/table/columns.ts';

type Words = (key: string) => string;
const labelled = (t: Words, columns: readonly (Omit<Column, 'label'> & { readonly key: string })[]): Column[] =>
  columns.map((column) => ({ ...column, label: t(`stock.column.${column.key}`) }));

export const spareColumns = (t: Words): Column[] =>
  labelled(t, [
    { key: 'place', width: 118 },
    { key: 'serial', width: 150, grow: 1 },
    { key: 'model', width: 168, grow: 1 },
    { key: 'region', width: 120, grow: 1 },
    { key: 'health', width: 150, grow: 2 },
    { key: 'wiped', width: 96 },
    { key: 'home', width: 150, grow: 2 },
    { key: 'since', width: 96, align: 'end' },
    { key: 'acts', width: 120, align: 'end' },
  ]);

export const movementColumns = (t: Words): Column[] =>
  labelled(t, [
    { key: 'at', width: 104 },
    { key: 'kind', width: 110 },
    { key: 'serial', width: 150, grow: 1 },
    { key: 'from', width: 116 },
    { key: 'to', width: 116 },
    { key: 'station', width: 160, grow: 2 },
    { key: 'order', width: 82 },
    { key: 'user', width: 160 },
    { key: 'note', width: 120, grow: 2 },
  ]);

export const repairColumns = (t: Words): Column[] =>
  labelled(t, [
    { key: 'repairState', width: 104 },
    { key: 'serial', width: 140, grow: 1 },
    { key: 'home', width: 150, grow: 2 },
    { key: 'sent', width: 100 },
    { key: 'due', width: 100 },
    { key: 'carrier', width: 120, grow: 1 },
    { key: 'warranty', width: 72 },
    { key: 'diagnosis', width: 120, grow: 2 },
    { key: 'cost', width: 96, align: 'end' },
    { key: 'acts', width: 160, align: 'end' },
  ]);

export const wipeColumns = (t: Words): Column[] =>
  labelled(t, [
    { key: 'wipeState', width: 104 },
    { key: 'serial', width: 150, grow: 1 },
    { key: 'station', width: 170, grow: 2 },
    { key: 'left', width: 110 },
    { key: 'store', width: 110, grow: 1 },
    { key: 'method', width: 110 },
    { key: 'wipedBy', width: 150 },
    { key: 'acts', width: 110, align: 'end' },
  ]);

export const warrantyColumns = (t: Words): Column[] =>
  labelled(t, [
    { key: 'until', width: 110 },
    { key: 'daysLeft', width: 100, align: 'end' },
    { key: 'serial', width: 150, grow: 1 },
    { key: 'model', width: 120, grow: 1 },
    { key: 'place', width: 100 },
    { key: 'home', width: 170, grow: 2 },
    { key: 'bought', width: 110 },
  ]);
