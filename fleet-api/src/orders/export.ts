import type { Pool } from '../db/index.ts';
import type { Sheet, SheetCell } from '../print/index.ts';
import { cellOf, type Language } from '../registry/shared/csv.ts';
import { orderNumber } from '../repair/numbers.ts';
import { loadSeverityNames, type SeverityNames } from '../repair/severity-names.ts';
import { faultWords, localTime, repairWord } from '../repair/words.ts';
import type { OrderFilters } from './schemas.ts';
import { type Looker, type OrderRow, selectOrders } from './sql.ts';

const ZH = ['工单号', '状态', '级别', '故障', '机构', '点位编号', '点位', '县', '合同', '承包方', '负责人', '故障开始', '故障结束', '关闭', '是否超时', '点位故障数']; // biome-ignore format: one list
const EN = ['Order', 'State', 'Severity', 'Fault', 'Site', 'Station code', 'Station', 'County', 'Contract', 'Contractor', 'Assignee', 'Began', 'Ended', 'Closed', 'Late', 'Faults']; // biome-ignore format: one list

/** Rows read in one statement: short ones, so that the embedded database serves others in between. */
const PAGE = 500;
/** Rows of a workbook at most: beyond, CSV is the better file. */
const MAX_SHEET_ROWS = 50_000;

/** Orders as rows of a table, its head first, newest first. */
export async function* orderRows(
  pool: Pool,
  by: Looker & { readonly timeZone: string },
  query: OrderFilters,
  language: Language,
): AsyncGenerator<readonly string[]> {
  yield language === 'zh' ? ZH : EN;
  const names = await loadSeverityNames(pool);
  for await (const row of every(pool, by, query)) yield cellsOf(row, by.timeZone, language, names).map(cellOf);
}

/** The same as a sheet of a workbook. */
export async function orderSheet(
  pool: Pool,
  by: Looker & { readonly timeZone: string },
  query: OrderFilters,
  language: Language,
): Promise<Sheet> {
  const rows: SheetCell[][] = [];
  const names = await loadSeverityNames(pool);
  for await (const row of every(pool, by, query)) {
    if (rows.length === MAX_SHEET_ROWS) break;
    rows.push(cellsOf(row, by.timeZone, language, names));
  }
  return { name: language === 'zh' ? '工单' : 'Work orders', columns: language === 'zh' ? ZH : EN, rows };
}

/** All orders that a filter finds, newest first, page by page. */
async function* every(pool: Pool, by: Looker, query: OrderFilters): AsyncGenerator<OrderRow> {
  let cursor: string | undefined;
  do {
    const page = await selectOrders(pool, by, { ...query, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}

function cellsOf(row: OrderRow, timeZone: string, language: Language, names: SeverityNames): (string | number)[] {
  const yes = language === 'zh' ? '是' : 'yes';
  return [
    orderNumber(row.id),
    repairWord(language, 'state', row.state),
    names.of(row.contract.id, row.severity, language),
    row.title || faultWords(language, row.cause, row.reason),
    row.site?.name ?? '',
    row.station?.code ?? '',
    row.station?.name ?? '',
    row.region?.county ?? '',
    row.contract.code,
    row.org?.name ?? '',
    row.assignee?.name ?? '',
    localTime(row.opened_at, timeZone),
    localTime(row.ended_at, timeZone),
    localTime(row.closed_at, timeZone),
    row.is_late ? yes : '',
    row.faults_total,
  ];
}
