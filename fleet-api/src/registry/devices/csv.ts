import { cellOf, type Language } from '../shared/csv.ts';
import type { DeviceItem } from './schemas.ts';

interface Column {
  readonly zh: string;
  readonly en: string;
  readonly value: (device: DeviceItem, language: Language) => string | number | boolean | Date | null;
}

const STATES = {
  zh: { online: '在线', offline: '离线', faulty: '故障', never: '从未上线' },
  en: { online: 'online', offline: 'offline', faulty: 'faulty', never: 'never seen' },
} as const;
const LIFECYCLES = {
  zh: { in_stock: '备用', in_service: '在用', in_repair: '维修中', retired: '报废' },
  en: { in_stock: 'in stock', in_service: 'in service', in_repair: 'in repair', retired: 'retired' },
} as const;

const COLUMNS: readonly Column[] = [
  { zh: '设备编号', en: 'Device', value: (d) => d.device_id },
  { zh: '序列号', en: 'Serial', value: (d) => d.serial },
  { zh: '型号', en: 'Model', value: (d) => d.model?.name ?? null },
  { zh: '生命周期', en: 'Life-cycle', value: (d, language) => LIFECYCLES[language][d.lifecycle] },
  { zh: '状态', en: 'State', value: (d, language) => STATES[language][d.state] },
  { zh: '状态变化时间', en: 'State since', value: (d) => d.changed_at },
  { zh: '最近上报', en: 'Last seen', value: (d) => d.last_seen_at },
  { zh: '市县', en: 'County', value: (d) => d.region?.county ?? null },
  { zh: '乡镇', en: 'Township', value: (d) => d.region?.township ?? null },
  { zh: '机构', en: 'Site', value: (d) => d.site?.name ?? null },
  { zh: '点位', en: 'Station', value: (d) => d.station?.name ?? null },
  {
    zh: '异常部件',
    en: 'Faulty parts',
    value: (d) => d.components.map((c) => [c.component, c.reason].filter(Boolean).join(':')).join(' '),
  },
  { zh: '信号(dBm)', en: 'Signal (dBm)', value: (d) => d.signal_dbm },
  { zh: '时延(ms)', en: 'RTT (ms)', value: (d) => d.rtt_ms },
  { zh: '本月流量(字节)', en: 'Data this month (bytes)', value: (d) => d.sim_bytes },
  { zh: '程序版本', en: 'Agent', value: (d) => d.agent },
];

/** The list as a table for people, header first. For a table that can be imported again see the export. */
export async function* deviceRows(devices: AsyncIterable<DeviceItem>, language: Language): AsyncGenerator<string[]> {
  yield COLUMNS.map((column) => column[language]);
  for await (const device of devices) yield COLUMNS.map((column) => cellOf(column.value(device, language)));
}
