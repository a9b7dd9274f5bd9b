import { DEVICE_ID_PATTERN } from '@uptally/protocol';
import type { LIFECYCLES } from '../devices/schemas.ts';
import type { REGION_KINDS } from '../regions/schemas.ts';
import { ICCID_PATTERN, type SIM_STATES } from '../sims/schemas.ts';
import type { SITE_KINDS } from '../sites/schemas.ts';
import type { FaultCode } from './faults.ts';

/** The tables that can be imported and exported, and their columns. */

export const IMPORT_KINDS = ['regions', 'sites', 'stations', 'devices', 'sims'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

/** What a cell holds once read: text, or what {@link Column.read} made of it. */
export type Cell = string | number;
export type Reading = { readonly value: Cell } | { readonly fault: FaultCode };

export interface Column {
  /** Name in the staging rows and in English headers. */
  readonly key: string;
  readonly zh: string;
  /** Further headers that people use. */
  readonly aliases?: readonly string[];
  readonly required?: boolean;
  /** Judges a cell that is not empty. */
  readonly read: (text: string) => Reading;
  /** Cells of the template's example rows. */
  readonly examples: readonly [string, string];
}

const ok = (value: Cell): Reading => ({ value });
const invalid: Reading = { fault: 'invalid' };

function text(maxLength: number): Column['read'] {
  return (cell) => (cell.length > maxLength ? { fault: 'too_long' } : CONTROL.test(cell) ? invalid : ok(cell));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get in
const CONTROL = /[\u0000-\u001f\u007f]/;

function pattern(source: string): Column['read'] {
  const form = new RegExp(source);
  return (cell) => (form.test(cell) ? ok(cell) : invalid);
}

function number(min: number, max: number, integer = false): Column['read'] {
  return (cell) => {
    const value = Number(cell);
    return /^[+-]?\d+(\.\d+)?$/.test(cell) && value >= min && value <= max && (!integer || Number.isInteger(value))
      ? ok(value)
      : invalid;
  };
}

/** A closed vocabulary; both languages are read. */
function choice(words: Readonly<Record<string, readonly string[]>>): Column['read'] {
  const byWord = new Map(
    Object.entries(words).flatMap(([value, names]) => [value, ...names].map((name) => [name, value])),
  );
  return (cell) => {
    const value = byWord.get(cell.toLowerCase());
    return value === undefined ? invalid : ok(value);
  };
}

const DATED =
  /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/** RFC 3339, or a date (with a time) as spreadsheets write it; staged without a zone unless it names one. */
function instant(cell: string): Reading {
  const match = DATED.exec(cell);
  if (match === null) return invalid;
  const [, year, month, day, hour = '0', minute = '00', second = '00', offset = ''] = match;
  const pad = (part: string | undefined): string => String(part).padStart(2, '0');
  const local = `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${minute}:${second}`;
  const asUtc = new Date(`${local}Z`);
  const isReal =
    !Number.isNaN(asUtc.getTime()) && asUtc.toISOString().startsWith(`${year}-${pad(month)}-${pad(day)}T${pad(hour)}`);
  return isReal ? ok(`${local}${offset}`) : invalid;
}

const code = pattern('^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$');

const SITE_KIND_WORDS: Record<(typeof SITE_KINDS)[number], readonly string[]> = {
  township_hospital: ['卫生院', '乡镇卫生院'],
  village_clinic: ['村卫生室', '卫生室'],
  community: ['社区', '社区卫生服务站'],
  other: ['其他', '其它'],
};
const REGION_KIND_WORDS: Record<(typeof REGION_KINDS)[number], readonly string[]> = {
  province: ['省'],
  county: ['市县', '市', '县', '区县'],
  township: ['乡镇', '镇', '乡', '街道'],
};
const LIFECYCLE_WORDS: Record<(typeof LIFECYCLES)[number], readonly string[]> = {
  in_stock: ['备用', '备用机', '库存'],
  in_service: ['在用'],
  in_repair: ['维修', '维修中'],
  retired: ['报废'],
};
const SIM_STATE_WORDS: Record<(typeof SIM_STATES)[number], readonly string[]> = {
  stock: ['库存'],
  active: ['在用', '正常'],
  suspended: ['停机'],
  retired: ['销户'],
};

/** The first column is the key: a row whose key exists changes it, another one creates. */
export const COLUMNS: Readonly<Record<ImportKind, readonly [Column, ...Column[]]>> = {
  regions: [
    { key: 'code', zh: '编码', aliases: ['区划编码'], required: true, read: code, examples: ['4690', '469001'] },
    { key: 'name', zh: '名称', required: true, read: text(80), examples: ['示例县', '示例镇'] },
    {
      key: 'kind',
      zh: '级别',
      aliases: ['类型'],
      required: true,
      read: choice(REGION_KIND_WORDS),
      examples: ['市县', '乡镇'],
    },
    { key: 'parent_code', zh: '上级编码', read: code, examples: ['46', '4690'] },
    { key: 'sort', zh: '排序', read: number(-1_000_000, 1_000_000, true), examples: ['1', '1'] },
  ],
  sites: [
    { key: 'code', zh: '机构编码', aliases: ['编码'], required: true, read: code, examples: ['H0001', 'C0001'] },
    {
      key: 'name',
      zh: '机构名称',
      aliases: ['名称'],
      required: true,
      read: text(120),
      examples: ['示例镇卫生院', '示例村卫生室'],
    },
    { key: 'region_code', zh: '区划编码', required: true, read: code, examples: ['469001', '469001'] },
    { key: 'kind', zh: '机构类型', aliases: ['类型'], read: choice(SITE_KIND_WORDS), examples: ['卫生院', '村卫生室'] },
    { key: 'address', zh: '地址', read: text(200), examples: ['示例镇一号', '示例村二号'] },
    { key: 'contact_name', zh: '联系人', read: text(80), examples: ['', ''] },
    {
      key: 'contact_phone',
      zh: '联系电话',
      aliases: ['电话'],
      read: pattern('^[0-9+() -]{3,32}$'),
      examples: ['', ''],
    },
    { key: 'lat', zh: '纬度', read: number(-90, 90), examples: ['19.25', ''] },
    { key: 'lon', zh: '经度', read: number(-180, 180), examples: ['110.47', ''] },
  ],
  stations: [
    { key: 'code', zh: '点位编码', aliases: ['编码'], required: true, read: code, examples: ['H0001-1', 'C0001-1'] },
    { key: 'name', zh: '点位名称', aliases: ['名称'], required: true, read: text(120), examples: ['一号窗口', '诊室'] },
    { key: 'site_code', zh: '机构编码', required: true, read: code, examples: ['H0001', 'C0001'] },
    { key: 'commissioned_at', zh: '启用时间', read: instant, examples: ['2026-01-01', ''] },
  ],
  devices: [
    {
      key: 'serial',
      zh: '序列号',
      aliases: ['sn'],
      required: true,
      read: code,
      examples: ['SN0000000001', 'SN0000000002'],
    },
    { key: 'device_id', zh: '设备编号', aliases: ['终端编号'], read: pattern(DEVICE_ID_PATTERN), examples: ['', ''] },
    { key: 'model_code', zh: '型号编码', aliases: ['型号'], read: code, examples: ['', ''] },
    { key: 'region_code', zh: '区划编码', read: code, examples: ['4690', ''] },
    {
      key: 'lifecycle',
      zh: '生命周期',
      aliases: ['使用状态'],
      read: choice(LIFECYCLE_WORDS),
      examples: ['备用', '在用'],
    },
    { key: 'station_code', zh: '点位编码', read: code, examples: ['', 'C0001-1'] },
    { key: 'installed_at', zh: '安装时间', read: instant, examples: ['', '2026-01-01 09:00'] },
    { key: 'note', zh: '备注', read: text(500), examples: ['', ''] },
  ],
  sims: [
    {
      key: 'iccid',
      zh: 'ICCID',
      aliases: ['卡号'],
      required: true,
      read: pattern(ICCID_PATTERN),
      examples: ['89860000000000000001', '89860000000000000002'],
    },
    { key: 'imsi', zh: 'IMSI', read: pattern('^[0-9]{14,15}$'), examples: ['', ''] },
    { key: 'msisdn', zh: '手机号', aliases: ['号码'], read: pattern('^\\+?[0-9]{5,15}$'), examples: ['', ''] },
    { key: 'operator', zh: '运营商', read: text(64), examples: ['CMCC', 'CMCC'] },
    {
      key: 'quota_bytes',
      zh: '月流量配额(字节)',
      aliases: ['配额'],
      read: number(0, 2 ** 50, true),
      examples: ['524288000', ''],
    },
    { key: 'state', zh: '状态', read: choice(SIM_STATE_WORDS), examples: ['在用', '库存'] },
    { key: 'device_serial', zh: '设备序列号', aliases: ['序列号'], read: code, examples: ['SN0000000001', ''] },
  ],
};

/** Header of a column in a language. */
export function headerOf(column: Column, language: 'zh' | 'en'): string {
  return language === 'zh' ? column.zh : column.key;
}
