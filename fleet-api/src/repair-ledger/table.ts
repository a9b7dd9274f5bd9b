import { dayOf } from '@uptally/sla';
import type { SheetCell } from '../print/workbook.ts';
import type { Language } from '../registry/shared/csv.ts';
import type { SeverityNames } from '../repair/severity-names.ts';
import { faultWords } from '../repair/words.ts';
import type { LedgerLine } from './schemas.ts';

/** The ledger as a table of paper or of a spreadsheet. */

const COLUMNS = {
  zh: [
    '工单号',
    '合同',
    '市县',
    '机构',
    '点位',
    '终端',
    '故障',
    '级别',
    '发生时间',
    '恢复时间',
    '是否超时',
    '备用机',
    '更换配件',
    '配件费（元）',
    '人工费（元）',
    '物流费（元）',
    '合计（元）',
    '保修',
    '原因类别',
    '原因分析',
    '建议',
    '工程师',
    '机构确认人',
    '用户确认',
    '确认人',
    '确认日期',
    '备注',
  ],
  en: [
    'Order',
    'Contract',
    'County',
    'Site',
    'Station',
    'Device',
    'Fault',
    'Severity',
    'Began',
    'Ended',
    'Late',
    'Spare',
    'Parts',
    'Parts (CNY)',
    'Labour (CNY)',
    'Logistics (CNY)',
    'Total (CNY)',
    'Warranty',
    'Kind of cause',
    'Cause analysis',
    'Advice',
    'Engineer',
    'Confirmed at the site by',
    'Customer',
    'By',
    'Day',
    'Note',
  ],
} as const satisfies Record<Language, readonly string[]>;

const WORDS = {
  zh: {
    sheet: '维修台账',
    yes: '是',
    no: '否',
    state: { open: '未结', unconfirmed: '待确认', confirmed: '已确认', disputed: '有异议' },
    warranty: { in: '保内', out: '保外', unknown: '不明' },
  },
  en: {
    sheet: 'Maintenance ledger',
    yes: 'yes',
    no: 'no',
    state: { open: 'open', unconfirmed: 'unconfirmed', confirmed: 'confirmed', disputed: 'disputed' },
    warranty: { in: 'in', out: 'out', unknown: 'unknown' },
  },
} as const;

export const columnsOf = (language: Language): readonly string[] => COLUMNS[language];
export const sheetName = (language: Language): string => WORDS[language].sheet;

/** Yuan as text with two decimals, exact: spreadsheets keep it as it is. */
export function yuan(fen: number): string {
  const [sign, abs] = fen < 0 ? ['-', -fen] : ['', fen];
  return `${sign}${Math.floor(abs / 100)}.${String(abs % 100).padStart(2, '0')}`;
}

/** Local time of the contract's zone, to the minute. */
function local(zone: string, at: Date | string | null): string {
  if (at === null) return '';
  const ms = new Date(at).getTime();
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return `${dayOf(zone, ms)} ${time.format(ms)}`;
}

/** Cells of a line, in the order of {@link columnsOf}. */
export function rowOf(line: LedgerLine, language: Language, names: SeverityNames): SheetCell[] {
  const words = WORDS[language];
  const zone = line.contract.time_zone;
  const parts = line.parts.map(({ name, qty }) => `${name} ×${qty}`).join(language === 'zh' ? '、' : ', ');
  const { said } = line;
  return [
    line.number,
    line.contract.name,
    line.region?.county ?? '',
    line.site?.name ?? '',
    line.station?.name ?? '',
    line.device ?? '',
    [line.title || faultWords(language, line.cause, line.reason), line.description].filter(Boolean).join(' · '),
    names.of(line.contract.id, line.severity, language),
    local(zone, line.opened_at),
    local(zone, line.ended_at),
    line.is_late ? words.yes : words.no,
    line.spare ?? '',
    parts,
    yuan(line.parts_fen),
    yuan(line.labour_fen),
    yuan(line.logistics_fen),
    yuan(line.total_fen),
    line.warranty === null ? '' : words.warranty[line.warranty],
    line.cause_kind ?? '',
    line.cause_analysis ?? '',
    line.advice ?? '',
    line.engineer ?? '',
    line.site_word?.name ?? '',
    words.state[line.state],
    said === null ? '' : [said.org.name, said.user?.name].filter(Boolean).join(' '),
    said === null ? '' : local(zone, said.at).slice(0, 10),
    [said?.note, line.answer?.text].filter(Boolean).join(' / '),
  ];
}
