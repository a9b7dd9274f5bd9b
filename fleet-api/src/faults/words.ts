import type { Language } from '../registry/shared/csv.ts';

/** Words of faults for files and paper; the console has its own. */
export const WORDS = {
  zh: {
    sheet: '故障',
    yes: '是',
    states: { open: '未恢复', repaired: '已修复', confirmed: '已确认', cancelled: '已取消', merged: '已合并' },
    sources: { telemetry: '设备上报', person: '电话报修', site: '扫码报修' },
    verdicts: { on_time: '按时', late: '超时', pending: '进行中', cancelled: '不计', not_owed: '不考核' },
  },
  en: {
    sheet: 'Faults',
    yes: 'yes',
    states: { open: 'open', repaired: 'repaired', confirmed: 'confirmed', cancelled: 'cancelled', merged: 'merged' },
    sources: { telemetry: 'telemetry', person: 'reported by phone', site: 'reported by the site' },
    verdicts: { on_time: 'on time', late: 'late', pending: 'pending', cancelled: 'not counted', not_owed: 'not owed' },
  },
} as const;

const CAUSE_WORDS: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  offline: { zh: '终端离线', en: 'Offline' },
  program: { zh: '业务程序', en: 'Business program' },
  printer: { zh: '打印机', en: 'Printer' },
  card_reader: { zh: '读卡器', en: 'Card reader' },
  id_reader: { zh: '身份证读卡器', en: 'ID reader' },
  scanner: { zh: '扫码器', en: 'Scanner' },
  screen: { zh: '屏幕', en: 'Screen' },
  cpu: { zh: '处理器', en: 'Processor' },
  memory: { zh: '内存', en: 'Memory' },
  storage: { zh: '存储', en: 'Storage' },
  temperature: { zh: '温度', en: 'Temperature' },
  ports: { zh: '网口线缆', en: 'Cabling' },
  modem: { zh: '通信模块', en: 'Modem' },
  power: { zh: '供电', en: 'Power' },
  door: { zh: '机箱门', en: 'Door' },
  slow: { zh: '运行缓慢', en: 'Slow' },
  software: { zh: '软件问题', en: 'Software' },
  damage: { zh: '外观损坏', en: 'Damage' },
  missing: { zh: '设备丢失', en: 'Missing' },
  other: { zh: '其他', en: 'Other' },
};

/** A cause in words; one that is not known is shown as it is. */
export function causeWord(cause: string, language: Language): string {
  return CAUSE_WORDS[cause]?.[language] ?? cause;
}
