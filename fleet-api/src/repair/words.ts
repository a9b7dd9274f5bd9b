import type { Language } from '../registry/shared/csv.ts';

/** Faults and orders in words, for paper and tables. The console has its own. */

type Table = Readonly<Record<string, string>>;

const ZH = {
  cause: {
    offline: '离线', program: '业务程序', printer: '打印机', card_reader: '读卡器', id_reader: '身份证读卡器', scanner: '扫码器',
    screen: '屏幕', cpu: '处理器', memory: '内存', storage: '存储', temperature: '机内温度', ports: '接口', modem: '通信模块',
    power: '供电', door: '机门', slow: '运行缓慢', software: '软件问题', damage: '外观损坏', missing: '部件缺失', other: '其他',
  },
  reason: {
    paper_out: '缺纸', paper_low: '纸将尽', cover_open: '盖未合', head_hot: '打印头过热', cutter_error: '切刀故障',
    printer_error: '故障', no_answer: '无应答', disconnected: '已断开', space_low: '空间不足', write_failed: '写入失败',
    read_failed: '读取失败', slow: '过慢', overloaded: '过载', too_hot: '过热', too_cold: '过冷', link_down: '链路中断',
    no_sim: '无 SIM 卡', no_signal: '无信号', not_registered: '未注册网络', not_running: '未运行', paused: '已暂停',
    open: '被打开', on_battery: '靠电池', permission: '无访问权限',
  },
  state: {
    new: '待受理', acknowledged: '已受理', assigned: '已派单', on_the_way: '已出发', on_site: '已到场', restored: '已临时恢复',
    repaired: '已修复', confirmed: '已确认', closed: '已关闭', cancelled: '已取消',
  },
  stage: { respond: '响应', on_site: '到场', temporary_restoration: '临时恢复', repair: '修复' },
  verdict: { on_time: '按时', late: '超时', pending: '进行中', cancelled: '已取消', not_owed: '不作要求' },
  severity: { ordinary: '一般', major: '重大' },
  causeKind: {
    hardware: '硬件', software: '软件', network: '网络', consumables: '耗材', power: '供电', site: '机构原因', misuse: '使用不当',
    environment: '环境', no_fault_found: '未发现故障', other: '其他',
  },
  warranty: { in: '保内', out: '保外', unknown: '未知' },
} as const; // biome-ignore format: vocabularies, one line a few words

const EN = {
  cause: {
    offline: 'offline', program: 'program', printer: 'printer', card_reader: 'card reader', id_reader: 'ID reader',
    scanner: 'scanner', screen: 'screen', cpu: 'CPU', memory: 'memory', storage: 'storage', temperature: 'temperature',
    ports: 'ports', modem: 'modem', power: 'power', door: 'door', slow: 'slow', software: 'software', damage: 'damage',
    missing: 'missing part', other: 'other',
  },
  reason: {
    paper_out: 'out of paper', paper_low: 'low on paper', cover_open: 'cover open', head_hot: 'head too hot',
    cutter_error: 'cutter fault', printer_error: 'fault', no_answer: 'not answering', disconnected: 'disconnected',
    space_low: 'nearly full', write_failed: 'failing writes', read_failed: 'failing reads', slow: 'slow',
    overloaded: 'overloaded', too_hot: 'too hot', too_cold: 'too cold', link_down: 'link down', no_sim: 'without SIM',
    no_signal: 'without signal', not_registered: 'not registered', not_running: 'not running', paused: 'paused', open: 'open',
    on_battery: 'on battery', permission: 'not accessible',
  },
  state: {
    new: 'new', acknowledged: 'acknowledged', assigned: 'assigned', on_the_way: 'on the way', on_site: 'on site',
    restored: 'temporarily restored', repaired: 'repaired', confirmed: 'confirmed', closed: 'closed', cancelled: 'cancelled',
  },
  stage: { respond: 'response', on_site: 'on site', temporary_restoration: 'temporary restoration', repair: 'repair' },
  verdict: { on_time: 'in time', late: 'late', pending: 'pending', cancelled: 'cancelled', not_owed: 'not owed' },
  severity: { ordinary: 'ordinary', major: 'major' },
  causeKind: {
    hardware: 'hardware', software: 'software', network: 'network', consumables: 'consumables', power: 'power',
    site: 'the site', misuse: 'misuse', environment: 'environment', no_fault_found: 'no fault found', other: 'other',
  },
  warranty: { in: 'in warranty', out: 'out of warranty', unknown: 'unknown' },
} as const satisfies Record<keyof typeof ZH, Table>; // biome-ignore format: vocabularies, one line a few words

const WORDS: Readonly<Record<Language, Readonly<Record<keyof typeof ZH, Table>>>> = { zh: ZH, en: EN };

/** The word for a code; a code that nobody has words for stays as it is. */
export function repairWord(language: Language, what: keyof typeof ZH, code: string): string {
  const table = WORDS[language][what];
  return Object.hasOwn(table, code) ? (table[code] as string) : code;
}

/** 打印机缺纸, printer out of paper. That what is offline is silent goes without saying. */
export function faultWords(language: Language, cause: string, reason: string | null): string {
  const words = [
    repairWord(language, 'cause', cause),
    ...(reason === null || reason === 'silent' ? [] : [repairWord(language, 'reason', reason)]),
  ];
  return words.join(language === 'zh' ? '' : ' ');
}

/** `2026-03-10 12:05` in a zone. */
export function localTime(at: Date | string | null, timeZone: string): string {
  if (at === null) return '';
  const format = { timeZone, dateStyle: 'short', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat('sv-SE', format).format(new Date(at));
}
