import type { ComponentReport } from '@uptally/protocol';
import type { HealthPicture } from '../core/ports.ts';

/** The CLI's words in the two languages of the console, by the locale of the shell. */
export interface Words {
  readonly parts: Readonly<Record<string, string>>;
  readonly states: Readonly<Record<ComponentReport['s'], string>>;
  readonly notEnrolled: string;
  readonly notRunning: string;
  readonly device: string;
  readonly broker: string;
  readonly connected: (session: number) => string;
  readonly disconnected: (reason: string) => string;
  readonly waiting: (records: number, bytes: number) => string;
  readonly lastAck: (secondsAgo: number | null) => string;
  readonly beat: (seconds: number, revision: number) => string;
}

const EN: Words = {
  parts: {
    program: 'program', printer: 'printer', card_reader: 'card reader', id_reader: 'ID reader', scanner: 'scanner', screen: 'screen',
    cpu: 'processor', memory: 'memory', storage: 'storage', temperature: 'temperature', ports: 'cabling', modem: 'modem', power: 'power', door: 'door',
  }, // biome-ignore format: a table
  states: { ok: 'ok', warn: 'warning', fault: 'FAULT', absent: 'absent', unknown: 'unknown' },
  notEnrolled: 'This device is not enrolled. Run: uptally-agent enroll --server URL --token TOKEN',
  notRunning: 'The agent is not running.',
  device: 'Device',
  broker: 'Broker',
  connected: (session) => `Connected (session ${session}).`,
  disconnected: (reason) => `Not connected (${reason}).`,
  waiting: (records, bytes) => `Records waiting to be sent: ${records} (spool ${Math.ceil(bytes / 1024)} KiB).`,
  lastAck: (seconds) => (seconds === null ? 'Nothing confirmed yet.' : `Last confirmed ${seconds} s ago.`),
  beat: (seconds, revision) => `Beat every ${seconds} s (settings revision ${revision}).`,
};

const ZH: Words = {
  parts: {
    program: '业务程序', printer: '打印机', card_reader: '读卡器', id_reader: '身份证读卡器', scanner: '扫码器', screen: '屏幕',
    cpu: '处理器', memory: '内存', storage: '存储', temperature: '温度', ports: '网口线缆', modem: '通信模块', power: '供电', door: '机箱门',
  }, // biome-ignore format: a table
  states: { ok: '正常', warn: '告警', fault: '故障', absent: '未配备', unknown: '未知' },
  notEnrolled: '本终端尚未注册。请运行：uptally-agent enroll --server 地址 --token 注册码',
  notRunning: '监控程序未运行。',
  device: '终端',
  broker: '服务器',
  connected: (session) => `已连接（会话 ${session}）。`,
  disconnected: (reason) => `未连接（${reason}）。`,
  waiting: (records, bytes) => `待上传记录 ${records} 条（缓存 ${Math.ceil(bytes / 1024)} KiB）。`,
  lastAck: (seconds) => (seconds === null ? '尚无已确认的记录。' : `最近一次确认在 ${seconds} 秒前。`),
  beat: (seconds, revision) => `心跳间隔 ${seconds} 秒（配置版本 ${revision}）。`,
};

export function wordsFor(locale: string): Words {
  return locale.startsWith('zh') ? ZH : EN;
}

/** A picture as a table for the terminal. */
export function pictureTable(picture: HealthPicture, words: Words): string {
  const rows = Object.entries(picture.c).map(([name, { s, r, d }]) => {
    const why = [r, d].filter(Boolean).join(': ');
    return `  ${pad(words.parts[name] ?? name, 14)} ${pad(words.states[s], 8)} ${why}`.trimEnd();
  });
  const metrics = Object.entries(picture.m).map(([name, value]) => `  ${pad(name, 14)} ${value}`);
  return [...rows, '', ...metrics].join('\n');
}

/** Pads to columns; CJK characters take two. */
function pad(text: string, columns: number): string {
  const width = [...text].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0);
  return text + ' '.repeat(Math.max(1, columns - width));
}
