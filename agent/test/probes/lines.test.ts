import { spawn } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { readModem } from '../../src/probes/modem.ts';
import { printerProbe } from '../../src/probes/printer.ts';

/** A printer on the network that answers DLE EOT n with the given bytes; `null` stays silent. */
async function networkPrinter(answers: readonly (number | null)[]): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      for (let i = 0; i + 2 < bytes.length; i++) {
        if (bytes[i] !== 0x10 || bytes[i + 1] !== 0x04) continue;
        const answer = answers[(bytes[i + 2] ?? 0) - 1];
        if (answer !== null && answer !== undefined) socket.write(Uint8Array.of(answer));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

test.each([
  ['well', [0x12, 0x12, 0x12, 0x12], { s: 'ok' }],
  ['out of paper', [0x1a, 0x32, 0x12, 0x7e], { s: 'fault', r: 'paper_out' }],
  ['silent', [null, null, null, null], { s: 'fault', r: 'no_answer' }],
])('a printer over TCP that is %s', async (_, answers, expected) => {
  const port = await networkPrinter(answers);
  expect(await printerProbe('', { host: '127.0.0.1', port })()).toEqual({ c: { printer: expected } });
});

test('a printer that is switched off', async () => {
  const probe = printerProbe('', { host: '127.0.0.1', port: 1 });
  expect(await probe()).toEqual({ c: { printer: { s: 'fault', r: 'disconnected', d: '127.0.0.1:1' } } });
});

/**
 * A peripheral at the far end of a pseudo terminal: a table of request -> answer as hex, served by Python's pty module. `null` where
 * there is no Python.
 */
async function pseudoTerminal(table: Readonly<Record<string, string>>): Promise<string | null> {
  const hex = Object.fromEntries(
    Object.entries(table).map(([k, v]) => [
      Buffer.from(k, 'latin1').toString('hex'),
      Buffer.from(v, 'latin1').toString('hex'),
    ]),
  );
  const program = `
import os, pty, sys, json, tty
table = {bytes.fromhex(k): bytes.fromhex(v) for k, v in json.loads(sys.argv[1]).items()}
master, slave = pty.openpty()
tty.setraw(slave)
print(os.ttyname(slave), flush=True)
seen = b''
while True:
    seen += os.read(master, 100)
    for request in sorted(table, key=len, reverse=True):
        if seen.endswith(request):
            os.write(master, table[request])
            seen = b''
            break
`;
  const child = spawn('python3', ['-c', program, JSON.stringify(hex)], { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('exit', () => resolve(null));
    child.stdout.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
}

test('a printer on a serial line', async (context) => {
  const tty = await pseudoTerminal({
    '\x10\x04\x01': '\x1a',
    '\x10\x04\x02': '\x16',
    '\x10\x04\x03': '\x12',
    '\x10\x04\x04': '\x12',
  });
  if (!tty) return context.skip('needs python3');
  expect(await printerProbe('', { path: tty, baud: 19_200 })()).toEqual({
    c: { printer: { s: 'fault', r: 'cover_open' } },
  });
});

test('a modem on its command port', async (context) => {
  const ok = (text: string) => `\r\n${text}\r\n\r\nOK\r\n`;
  const tty = await pseudoTerminal({
    'ATE0\r': 'ATE0\r\r\nOK\r\n',
    'AT+COPS=3,0\r': '\r\nOK\r\n',
    'AT+CEREG=2\r': '\r\nOK\r\n',
    'AT+CPIN?\r': ok('+CPIN: READY'),
    'AT+CGSN\r': ok('861536030196001'),
    'AT+CIMI\r': ok('460023210226023'),
    'AT+CCID\r': ok('+CCID: 89860025128306012474'),
    'AT+QCCID\r': '\r\nERROR\r\n',
    'AT+COPS?\r': ok('+COPS: 0,0,"CHINA MOBILE",7'),
    'AT+CSQ\r': ok('+CSQ: 20,99'),
    'AT+CESQ\r': '\r\n+CME ERROR: 4\r\n',
    'AT+CEREG?\r': ok('+CEREG: 2,1,"550B","0821C60C",7'),
    'AT+QGDCNT?\r': ok('+QGDCNT: 100,200'),
    'AT^DSFLOWQRY\r': '\r\nERROR\r\n',
  });
  if (!tty) return context.skip('needs python3');
  const reading = await readModem('', { path: tty });
  expect(reading.report).toEqual({ s: 'ok' });
  expect(reading.uplink).toMatchObject({
    sim: { iccid: '89860025128306012474', imsi: '460023210226023' },
    radio: { signal_dbm: -73, operator: 'CHINA MOBILE', rat: '4g' },
    counters: { src: 'modem', rxBytes: 200, txBytes: 100 },
  });
});
