import type { Language } from '../shared/csv.ts';

/** Everything that can be wrong with an imported row, in both languages. Codes are stable. */
export const FAULTS = {
  missing: { zh: '不能为空', en: 'must not be empty' },
  invalid: { zh: '格式不正确', en: 'does not have the expected form' },
  too_long: { zh: '太长', en: 'is too long' },
  too_many_cells: { zh: '本行的列数多于表头', en: 'the row has more cells than the header' },
  malformed: { zh: '不是有效的 CSV（引号不匹配？）', en: 'is not valid CSV (unbalanced quotes?)' },
  encoding: {
    zh: '文件编码无法识别，请用 UTF-8 或 GB18030 保存',
    en: 'unknown encoding: save the file as UTF-8 or GB18030',
  },
  empty_file: { zh: '文件没有数据行', en: 'the file has no rows' },
  missing_column: { zh: '缺少必需的列', en: 'a required column is missing' },
  repeated_column: { zh: '表头有重复的列', en: 'the column appears twice in the header' },
  too_many_rows: { zh: '行数超过上限 200000', en: 'there are more than 200,000 rows' },
  duplicate: { zh: '在文件中重复出现', en: 'appears more than once in the file' },
  unknown_reference: { zh: '不存在或不在您的管辖范围内', en: 'does not exist, or not in your regions' },
  out_of_scope: { zh: '已被管辖范围之外的记录使用', en: 'is used by something outside of your regions' },
  wrong_parent: { zh: '上级的级别不对', en: 'the parent has the wrong kind' },
  commissioned: {
    zh: '点位已启用，启用时间须在点位页面修改',
    en: 'in service already: change when it began on its own page',
  },
  cannot_move: { zh: '已有记录不能改变归属或级别', en: 'what exists can not be moved or change its kind' },
  taken: { zh: '已被另一条记录使用', en: 'is used by another row already' },
  occupied: { zh: '该点位已安装另一台设备', en: 'another device is installed at this station' },
  installed_elsewhere: {
    zh: '设备已安装在别的点位，请用换机',
    en: 'the device is installed elsewhere: swap it instead',
  },
  installed: {
    zh: '设备已安装，区划和生命周期随点位',
    en: 'the device is installed: region and life-cycle follow its station',
  },
  needs_station: { zh: '“在用”的设备需要点位', en: 'a device in service needs a station' },
  needs_region: { zh: '需要区划或点位', en: 'a region or a station is needed' },
  retired: { zh: '设备已报废', en: 'the device is retired' },
  not_wiped: {
    zh: '设备换下后尚未登记数据清除，不能移走',
    en: 'left a station and is not known to be wiped: it can not go elsewhere',
  },
  decommissioned: { zh: '该点位已停用', en: 'the station is decommissioned' },
  bad_time: {
    zh: '时间在将来，或早于上一次安装的结束',
    en: 'lies in the future or before the end of an earlier installation',
  },
} as const satisfies Record<string, Readonly<Record<Language, string>>>;

export type FaultCode = keyof typeof FAULTS;

/** A fault of one cell (or of the row or file, without a column). `line` counts from 1 as an editor shows it. */
export interface Fault {
  readonly line: number;
  readonly key: string | null;
  readonly code: FaultCode;
  readonly value: string | null;
}

/** Shown at most; the rest is counted. */
const SHOWN = 1000;

/** Faults in the order of their lines, bounded in memory. */
export class FaultList {
  #shown: Fault[] = [];
  #total = 0;

  get total(): number {
    return this.#total;
  }

  /** `more` counts further faults of the same kind that were not fetched. */
  add(fault: Fault, more = 0): void {
    this.#total += 1 + more;
    if (this.#shown.length < 2 * SHOWN) this.#shown.push(fault);
  }

  /** Sorted by line, at most 1,000. */
  list(): readonly Fault[] {
    return [...this.#shown].sort((a, b) => a.line - b.line).slice(0, SHOWN);
  }
}
