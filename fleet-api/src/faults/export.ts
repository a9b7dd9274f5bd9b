import type { Pool } from '../db/index.ts';
import type { Sheet, SheetCell } from '../print/index.ts';
import { cellOf, type Language } from '../registry/shared/csv.ts';
import { loadSeverityNames, type SeverityNames } from '../repair/severity-names.ts';
import * as list from './list-sql.ts';
import type { Fault, FaultFilters } from './schemas.ts';
import { causeWord, WORDS } from './words.ts';

/** Rows read in one go, and of a workbook at most: beyond, CSV is the better file. */
const PAGE = 500;
const MAX_SHEET_ROWS = 50_000;

interface Column {
  readonly zh: string;
  readonly en: string;
  readonly value: (fault: Fault, language: Language, names: SeverityNames) => SheetCell | Date;
}

const COLUMNS: readonly Column[] = [
  { zh: '故障号', en: 'Fault', value: (f) => f.number },
  { zh: '状态', en: 'State', value: (f, l) => WORDS[l].states[f.state] },
  { zh: '故障', en: 'Cause', value: (f, l) => causeWord(f.cause, l) },
  { zh: '原因代码', en: 'Reason', value: (f) => f.reason },
  { zh: '级别', en: 'Severity', value: (f, l, names) => names.of(f.contract.id, f.severity, l) },
  { zh: '来源', en: 'Source', value: (f, l) => WORDS[l].sources[f.source] },
  { zh: '市县', en: 'County', value: (f) => f.region?.county ?? null },
  { zh: '乡镇', en: 'Township', value: (f) => f.region?.township ?? null },
  { zh: '机构', en: 'Site', value: (f) => f.site.name },
  { zh: '点位', en: 'Station', value: (f) => f.station?.name ?? null },
  { zh: '设备', en: 'Device', value: (f) => f.device_id },
  { zh: '合同', en: 'Contract', value: (f) => f.contract.code },
  { zh: '工单', en: 'Work order', value: (f) => f.order?.number ?? null },
  { zh: '发生时间', en: 'Opened', value: (f) => dateOf(f.opened_at) },
  { zh: '设备恢复时间', en: 'Recovered (telemetry)', value: (f) => dateOf(f.recovered_at) },
  { zh: '结束时间', en: 'Ended', value: (f) => dateOf(f.ended_at) },
  { zh: '判定', en: 'Verdict', value: (f, l) => WORDS[l].verdicts[f.verdict] },
  { zh: '下一时限', en: 'Next due', value: (f) => dateOf(f.next_due_at) },
  { zh: '反复次数', en: 'Times it came back', value: (f) => f.changes },
  { zh: '重复故障', en: 'Recurrence', value: (f, l) => (f.recurrence_of === null ? null : WORDS[l].yes) },
  { zh: '描述', en: 'Description', value: (f) => f.description },
];

const dateOf = (value: Date | string | null): Date | null => (value === null ? null : new Date(value));

/** All faults that a filter finds, newest first, page by page. */
async function* every(pool: Pool, by: list.Looker, filters: FaultFilters): AsyncGenerator<Fault> {
  let cursor: string | undefined;
  do {
    const page = await list.selectFaults(pool, by, {
      ...filters,
      limit: PAGE,
      ...(cursor !== undefined && { cursor }),
    });
    for (const row of page.items) yield list.present(row);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

/** The list as rows of text, header first. Formulas are disarmed by whoever sends them. */
export async function* faultRows(
  pool: Pool,
  by: list.Looker,
  filters: FaultFilters,
  language: Language,
): AsyncGenerator<string[]> {
  yield COLUMNS.map((column) => column[language]);
  const names = await loadSeverityNames(pool);
  for await (const fault of every(pool, by, filters))
    yield COLUMNS.map(({ value }) => cellOf(value(fault, language, names)));
}

/** The list as a sheet of a workbook. Instants are told in the given zone. */
export async function faultSheet(
  pool: Pool,
  by: list.Looker & { readonly timeZone: string },
  filters: FaultFilters,
  language: Language,
): Promise<Sheet> {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: by.timeZone });
  const rows: SheetCell[][] = [];
  const names = await loadSeverityNames(pool);
  for await (const fault of every(pool, by, filters)) {
    if (rows.length === MAX_SHEET_ROWS) break;
    rows.push(
      COLUMNS.map(({ value }) => {
        const cell = value(fault, language, names);
        return cell instanceof Date ? format.format(cell) : cell;
      }),
    );
  }
  return { name: WORDS[language].sheet, columns: COLUMNS.map((column) => column[language]), rows };
}
