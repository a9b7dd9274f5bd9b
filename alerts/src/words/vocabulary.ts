import type { Component, Reason } from '@uptally/protocol';

/** Components and reasons as people say them. Codes that are not listed never reach a text: it then says "fault". */

export type Lang = 'zh-CN' | 'en';

interface Words {
  readonly component: Readonly<Record<Component, string>>;
  readonly reason: Readonly<Record<Reason, string>>;
  /** Pairs that the plain join of component and reason would say badly. */
  readonly pair: Readonly<Record<string, string>>;
  readonly fault: string;
  readonly join: string;
}

const ZH: Words = {
  component: {
    program: '业务程序',
    printer: '打印机',
    card_reader: '读卡器',
    id_reader: '身份证阅读器',
    scanner: '扫码器',
    screen: '屏幕',
    cpu: '处理器',
    memory: '内存',
    storage: '存储',
    temperature: '机内温度',
    ports: '接口',
    modem: '通信模块',
    power: '供电',
    door: '机门',
  },
  reason: {
    paper_out: '缺纸',
    paper_low: '纸将尽',
    cover_open: '盖未合',
    head_hot: '打印头过热',
    cutter_error: '切刀故障',
    printer_error: '故障',
    no_answer: '无应答',
    disconnected: '已断开',
    space_low: '空间不足',
    write_failed: '写入失败',
    read_failed: '读取失败',
    slow: '过慢',
    overloaded: '过载',
    too_hot: '过热',
    too_cold: '过冷',
    link_down: '链路中断',
    no_sim: '无 SIM 卡',
    no_signal: '无信号',
    not_registered: '未注册网络',
    not_running: '未运行',
    paused: '已暂停',
    open: '被打开',
    on_battery: '靠电池',
    permission: '无访问权限',
  },
  pair: {
    'temperature/too_hot': '机内温度过高',
    'temperature/too_cold': '机内温度过低',
    'printer/head_hot': '打印头过热',
    'printer/cutter_error': '打印机切刀故障',
    'power/on_battery': '市电中断',
    'door/open': '机门被打开',
  },
  fault: '故障',
  join: '',
};

const EN: Words = {
  component: {
    program: 'program',
    printer: 'printer',
    card_reader: 'card reader',
    id_reader: 'ID reader',
    scanner: 'scanner',
    screen: 'screen',
    cpu: 'CPU',
    memory: 'memory',
    storage: 'storage',
    temperature: 'temperature',
    ports: 'ports',
    modem: 'modem',
    power: 'power',
    door: 'door',
  },
  reason: {
    paper_out: 'out of paper',
    paper_low: 'low on paper',
    cover_open: 'cover open',
    head_hot: 'head too hot',
    cutter_error: 'cutter fault',
    printer_error: 'fault',
    no_answer: 'not answering',
    disconnected: 'disconnected',
    space_low: 'nearly full',
    write_failed: 'failing writes',
    read_failed: 'failing reads',
    slow: 'slow',
    overloaded: 'overloaded',
    too_hot: 'too hot',
    too_cold: 'too cold',
    link_down: 'link down',
    no_sim: 'without SIM',
    no_signal: 'without signal',
    not_registered: 'not registered',
    not_running: 'not running',
    paused: 'paused',
    open: 'open',
    on_battery: 'on battery',
    permission: 'not accessible',
  },
  pair: {
    'temperature/too_hot': 'too hot inside',
    'temperature/too_cold': 'too cold inside',
    'power/on_battery': 'mains lost',
  },
  fault: 'fault',
  join: ' ',
};

const WORDS: Readonly<Record<Lang, Words>> = { 'zh-CN': ZH, en: EN };

/** What is wrong with a component, in words: "打印机缺纸", "printer out of paper". */
export function faultWords(lang: Lang, component: string | null, reason: string | null): string {
  const words = WORDS[lang];
  const pair = words.pair[`${component}/${reason}`];
  if (pair !== undefined) return pair;
  const what = lookup(words.component, component) ?? '';
  const how = lookup(words.reason, reason) ?? words.fault;
  return what === '' ? how : `${what}${words.join}${how}`;
}

function lookup(table: Readonly<Record<string, string>>, code: string | null): string | undefined {
  return code !== null && Object.hasOwn(table, code) ? table[code] : undefined;
}
