import { type Static, Type } from 'typebox';
import { oneOf, text } from '../http/schemas.ts';

export const ITEM_KINDS = ['ok_fault', 'reading', 'text', 'photo'] as const;
/** What telemetry can fill in. */
export const METRICS = [
  'cpu_pct',
  'mem_used_pct',
  'disk_used_pct',
  'temp_c',
  'rtt_ms',
  'jitter_ms',
  'signal_dbm',
  'sim_bytes',
  'network_percent',
  'equipment_percent',
] as const;
export type Metric = (typeof METRICS)[number];

export const ChecklistItem = Type.Object(
  {
    id: Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', description: 'Names the answer; unique in its list' }),
    zh: text(120),
    en: text(120),
    kind: oneOf(ITEM_KINDS),
    required: Type.Boolean(),
    metric: Type.Optional(oneOf(METRICS, 'A reading that telemetry fills in')),
    component: Type.Optional(
      Type.String({ pattern: '^[a-z][a-z0-9_]{0,39}$', description: 'Part that a fault of this item is about' }),
    ),
  },
  { additionalProperties: false },
);
export const Checklist = Type.Array(ChecklistItem, { minItems: 1, maxItems: 60 });
export type ChecklistItem = Static<typeof ChecklistItem>;

type Extra = Pick<ChecklistItem, 'metric' | 'component'>;
const item = (
  id: string,
  kind: ChecklistItem['kind'],
  zh: string,
  en: string,
  extra: Extra & { optional?: true } = {},
) => {
  const { optional, ...rest } = extra;
  return { id, kind, zh, en, required: optional !== true, ...rest };
};

/** What an inspection looks at unless a plan says otherwise: the nine of R-HN-3, the parts of R-HN-2 that break, and a photo. */
export const DEFAULT_CHECKLIST: readonly ChecklistItem[] = [
  item('hidden_faults', 'ok_fault', '隐患排查：外观、线缆、接口、插座', 'Hidden faults: casing, cables, ports, socket'),
  item('functions', 'ok_fault', '功能检查：业务程序可正常办理', 'Functions: the business program works'),
  item('printer', 'ok_fault', '打印机：走纸、清晰度、存纸', 'Printer: feed, print quality, paper left', {
    component: 'printer',
  }),
  item('card_reader', 'ok_fault', '卡槽与身份证读卡器', 'Card slot and ID-card reader', { component: 'card_reader' }),
  item('screen', 'ok_fault', '屏幕显示与触控', 'Screen and touch', { component: 'screen' }),
  item('performance_cpu', 'reading', '关键性能：CPU 使用率 (%)', 'Key performance: CPU load (%)', {
    metric: 'cpu_pct',
    optional: true,
  }),
  item('performance_memory', 'reading', '关键性能：内存使用率 (%)', 'Key performance: memory used (%)', {
    metric: 'mem_used_pct',
    optional: true,
  }),
  item('performance_disk', 'reading', '关键性能：存储使用率 (%)', 'Key performance: storage used (%)', {
    metric: 'disk_used_pct',
    optional: true,
  }),
  item('network_latency', 'reading', '关键性能：网络时延 (ms)', 'Key performance: network latency (ms)', {
    metric: 'rtt_ms',
    optional: true,
  }),
  item(
    'stability',
    'reading',
    '稳定性：本期网络通畅率 (%)',
    'Stability: network availability of the period so far (%)',
    {
      metric: 'network_percent',
      optional: true,
    },
  ),
  item('security', 'ok_fault', '安全：无擅自接入设备、封条完好', 'Security: no foreign device attached, seals intact'),
  item('backup', 'ok_fault', '备份：数据与配置备份有效', 'Backup: data and settings are backed up'),
  item('upgrade', 'ok_fault', '软件升级：版本为最新', 'Software: the version is current'),
  item('environment', 'ok_fault', '运行环境：供电、温度、防尘、防潮', 'Environment: power, temperature, dust, damp'),
  item('running_state', 'ok_fault', '运行状态：设备联网运行正常', 'Running state: connected and running'),
  item('photo', 'photo', '现场照片', 'Photo of the place', { optional: true }),
  item('remark', 'text', '其他情况说明', 'Anything else', { optional: true }),
];

/** Ids that a list uses more than once. */
export function repeatedIds(items: readonly Pick<ChecklistItem, 'id'>[]): string[] {
  const ids = items.map(({ id }) => id);
  return [...new Set(ids.filter((id, i) => ids.indexOf(id) !== i))];
}
