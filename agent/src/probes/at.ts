import type { ComponentReport } from '@uptally/protocol';
import type { RadioReading, UplinkReading } from '../core/ports.ts';
import { report } from './probe.ts';

/** Answers to AT commands by command; `null` where the modem did not answer or said ERROR. */
export type AtAnswers = Readonly<Record<string, string | null>>;

/** What is asked, in order. Data counters are vendor commands (Quectel, Huawei); modems without them answer ERROR. */
export const AT_QUERIES = [
  'AT+CPIN?',
  'AT+CGSN',
  'AT+CIMI',
  'AT+CCID',
  'AT+QCCID',
  'AT+COPS?',
  'AT+CSQ',
  'AT+CESQ',
  'AT+CEREG?',
  'AT+QGDCNT?',
  'AT^DSFLOWQRY',
] as const;

const ACCESS: Readonly<Record<string, string>> = {
  0: '2g', 1: '2g', 3: '2g', 2: '3g', 4: '3g', 5: '3g', 6: '3g', 7: '4g', 8: '2g', 9: '4g', 10: '4g', 11: '5g', 12: '5g', 13: '5g',
}; // biome-ignore format: a table

/** ICCID without its padding; modems pad an odd length with F. */
export function parseIccid(answer: string | null | undefined): string | null {
  return /\b(\d{18,20}[0-9A-Fa-f]?)\b/.exec(answer ?? '')?.[1]?.replace(/[fF]$/, '') ?? null;
}

/** +CSQ: 0..31 in steps of 2 dBm from -113 (3GPP TS 27.007, 8.5); 99 is unknown. */
export function parseCsq(answer: string | null | undefined): number | null {
  const rssi = Number(/\+CSQ:\s*(\d+)/.exec(answer ?? '')?.[1] ?? 99);
  return rssi <= 31 ? -113 + 2 * rssi : null;
}

/** +CESQ (3GPP TS 27.007, 8.69): fifth field RSRQ in half dB from -20, sixth RSRP in dBm from -141; 255 is unknown. */
export function parseCesq(answer: string | null | undefined): Pick<RadioReading, 'rsrp_dbm' | 'rsrq_db'> {
  const fields =
    /\+CESQ:\s*([\d,\s]+)/
      .exec(answer ?? '')?.[1]
      ?.split(',')
      .map(Number) ?? [];
  const [, , , , rsrq = 255, rsrp = 255] = fields;
  return { ...(rsrp <= 97 && { rsrp_dbm: rsrp - 141 }), ...(rsrq <= 34 && { rsrq_db: rsrq / 2 - 20 }) };
}

/** +COPS: mode, format, operator, access technology (7.3). */
export function parseCops(answer: string | null | undefined): Pick<RadioReading, 'operator' | 'rat'> {
  const found = /\+COPS:\s*\d+,\d+,"([^"]*)"(?:,(\d+))?/.exec(answer ?? '');
  const [, operator, access] = found ?? [];
  const rat = access === undefined ? undefined : ACCESS[access];
  return { ...(operator && { operator: operator.slice(0, 64) }), ...(rat && { rat }) };
}

/** +CEREG with location (10.1.22): registered at home (1) or roaming (5), cell as `tac-ci` in hex. */
export function parseCereg(answer: string | null | undefined): { registered: boolean; cell: string | null } | null {
  const found = /\+CEREG:\s*\d,(\d+)(?:,"?([0-9A-Fa-f]+)"?,"?([0-9A-Fa-f]+)"?)?/.exec(answer ?? '');
  if (!found) return null;
  const [, status, tac, cell] = found;
  return { registered: status === '1' || status === '5', cell: tac && cell ? `${tac}-${cell}`.toLowerCase() : null };
}

/** Bytes received and sent as the modem counts them; `null` if it does not. */
export function parseTraffic(answers: AtAnswers): { rxBytes: number; txBytes: number } | null {
  const quectel = /\+QGDCNT:\s*(\d+),(\d+)/.exec(answers['AT+QGDCNT?'] ?? '');
  if (quectel) return { txBytes: Number(quectel[1]), rxBytes: Number(quectel[2]) };
  // ^DSFLOWQRY: last time, last tx, last rx, total time, total tx, total rx, all hex.
  const huawei = /\^DSFLOWQRY:\s*([0-9A-Fa-f]+(?:,[0-9A-Fa-f]+){5})/.exec(answers['AT^DSFLOWQRY'] ?? '');
  const fields = huawei?.[1]?.split(',').map((field) => Number.parseInt(field, 16));
  return fields ? { txBytes: fields[4] ?? 0, rxBytes: fields[5] ?? 0 } : null;
}

/** All answers as a reading of the uplink. */
export function parseModem(answers: AtAnswers): UplinkReading {
  const iccid = parseIccid(answers['AT+CCID']) ?? parseIccid(answers['AT+QCCID']);
  const imsi = /\b\d{14,15}\b/.exec(answers['AT+CIMI'] ?? '')?.[0];
  const imei = /\b\d{14,17}\b/.exec(answers['AT+CGSN'] ?? '')?.[0];
  const signal_dbm = parseCsq(answers['AT+CSQ']);
  const cell = parseCereg(answers['AT+CEREG?'])?.cell;
  const traffic = parseTraffic(answers);
  return {
    sim: { ...(iccid && { iccid }), ...(imsi && { imsi }), ...(imei && { imei }) },
    radio: {
      ...(signal_dbm !== null && { signal_dbm }),
      ...parseCesq(answers['AT+CESQ']),
      ...parseCops(answers['AT+COPS?']),
      ...(cell && { cell }),
    },
    ...(traffic && { counters: { src: 'modem', ...traffic } }),
  };
}

/** The state of the modem: SIM, registration, signal. */
export function judgeModem(answers: AtAnswers): ComponentReport {
  if (Object.values(answers).every((answer) => answer === null)) return report('fault', 'no_answer');
  if (!/READY/.test(answers['AT+CPIN?'] ?? '')) return report('fault', 'no_sim', answers['AT+CPIN?'] ?? undefined);
  const registration = parseCereg(answers['AT+CEREG?']);
  if (registration && !registration.registered) return report('fault', 'not_registered');
  if (parseCsq(answers['AT+CSQ']) === null && /\+CSQ:/.test(answers['AT+CSQ'] ?? ''))
    return report('warn', 'no_signal');
  return report('ok');
}
