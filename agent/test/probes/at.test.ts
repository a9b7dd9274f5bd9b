import { expect, test } from 'vitest';
import { judgeModem, parseCereg, parseCesq, parseCops, parseCsq, parseIccid, parseModem } from '../../src/probes/at.ts';

/** As a Quectel EC20 answers. */
const ANSWERS = {
  'AT+CPIN?': '+CPIN: READY\r\n\r\nOK',
  'AT+CGSN': '861536030196001\r\n\r\nOK',
  'AT+CIMI': '460023210226023\r\n\r\nOK',
  'AT+CCID': null,
  'AT+QCCID': '+QCCID: 89860025128306012474\r\n\r\nOK',
  'AT+COPS?': '+COPS: 0,0,"CHINA MOBILE",7\r\n\r\nOK',
  'AT+CSQ': '+CSQ: 23,99\r\n\r\nOK',
  'AT+CESQ': '+CESQ: 99,99,255,255,20,52\r\n\r\nOK',
  'AT+CEREG?': '+CEREG: 2,1,"550B","0821C60C",7\r\n\r\nOK',
  'AT+QGDCNT?': '+QGDCNT: 3832,4258\r\n\r\nOK',
  'AT^DSFLOWQRY': null,
};

test('a registered modem', () => {
  expect(judgeModem(ANSWERS)).toEqual({ s: 'ok' });
  expect(parseModem(ANSWERS)).toEqual({
    sim: { iccid: '89860025128306012474', imsi: '460023210226023', imei: '861536030196001' },
    radio: { signal_dbm: -67, rsrp_dbm: -89, rsrq_db: -10, operator: 'CHINA MOBILE', rat: '4g', cell: '550b-0821c60c' },
    counters: { src: 'modem', txBytes: 3832, rxBytes: 4258 },
  });
});

test.each([
  ['no SIM', { 'AT+CPIN?': '+CME ERROR: 10' }, { s: 'fault', r: 'no_sim', d: '+CME ERROR: 10' }],
  ['PIN wanted', { 'AT+CPIN?': '+CPIN: SIM PIN' }, { s: 'fault', r: 'no_sim', d: '+CPIN: SIM PIN' }],
  ['searching', { 'AT+CEREG?': '+CEREG: 2,2' }, { s: 'fault', r: 'not_registered' }],
  ['denied', { 'AT+CEREG?': '+CEREG: 2,3' }, { s: 'fault', r: 'not_registered' }],
  ['roaming', { 'AT+CEREG?': '+CEREG: 2,5,"550B","0821C60C",7' }, { s: 'ok' }],
  ['no signal', { 'AT+CSQ': '+CSQ: 99,99' }, { s: 'warn', r: 'no_signal' }],
])('%s', (_, answers, expected) => {
  expect(judgeModem({ ...ANSWERS, ...answers })).toEqual(expected);
});

test('silence', () => {
  expect(judgeModem({ 'AT+CPIN?': null })).toEqual({ s: 'fault', r: 'no_answer' });
});

test('single answers at their limits', () => {
  expect([0, 31, 32, 99].map((n) => parseCsq(`+CSQ: ${n},0`))).toEqual([-113, -51, null, null]);
  expect(parseCesq('+CESQ: 99,99,255,255,0,0')).toEqual({ rsrq_db: -20, rsrp_dbm: -141 });
  expect(parseCesq('+CESQ: 99,99,255,255,34,97')).toEqual({ rsrq_db: -3, rsrp_dbm: -44 });
  expect(parseCesq('+CESQ: 99,99,255,255,255,255')).toEqual({});
  expect(parseIccid('+CCID: 8986002512830601247F')).toBe('8986002512830601247');
  expect(parseIccid('ERROR')).toBeNull();
  expect(parseCops('+COPS: 0')).toEqual({});
  expect(parseCereg('+CEREG: 2,1')).toEqual({ registered: true, cell: null });
});

test('the flow counters of Huawei modems are hexadecimal totals', () => {
  const answers = { 'AT^DSFLOWQRY': '^DSFLOWQRY:0000000A,00000001,00000002,0000000B,00001000,00ABCDEF' };
  expect(parseModem(answers).counters).toEqual({ src: 'modem', txBytes: 0x1000, rxBytes: 0xabcdef });
});
