import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { sign } from '../../src/sms-sandbox/delivery.ts';
import { SmsSandbox } from '../../src/sms-sandbox/server.ts';

/** Fields of `api.v2010.account.message` in Twilio's published OpenAPI document, with the JSON types that they may have. */
const MESSAGE_FIELDS: Readonly<Record<string, readonly string[]>> = {
  account_sid: ['string'],
  api_version: ['string'],
  body: ['string'],
  date_created: ['string'],
  date_sent: ['string', 'null'],
  date_updated: ['string'],
  direction: ['string'],
  error_code: ['number', 'null'],
  error_message: ['string', 'null'],
  from: ['string', 'null'],
  messaging_service_sid: ['string', 'null'],
  num_media: ['string'],
  num_segments: ['string'],
  price: ['string', 'null'],
  price_unit: ['string'],
  sid: ['string'],
  status: ['string'],
  subresource_uris: ['object'],
  to: ['string'],
  uri: ['string'],
};
const PAGE_FIELDS = [
  'end',
  'first_page_uri',
  'messages',
  'next_page_uri',
  'page',
  'page_size',
  'previous_page_uri',
  'start',
  'uri',
];
const ACCOUNT = `AC${'0123456789abcdef'.repeat(2)}`;
const TOKEN = 'a-secret';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startSandbox(file: string | null = null, stepMs = 10): Promise<SmsSandbox> {
  const sandbox = new SmsSandbox({
    host: '127.0.0.1',
    port: 0,
    accountSid: ACCOUNT,
    authToken: TOKEN,
    file,
    timeZone: 'Asia/Shanghai',
    log: pino({ level: 'silent' }),
    stepMs,
    ratePerS: 20,
    clock: () => 1_790_000_000_000,
  });
  await sandbox.start();
  cleanups.push(() => sandbox.stop());
  return sandbox;
}

function call(sandbox: SmsSandbox, path: string, form?: Record<string, string>, token = TOKEN): Promise<Response> {
  return fetch(`${sandbox.url}/2010-04-01/Accounts/${ACCOUNT}/${path}`, {
    headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${token}`).toString('base64')}` },
    ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
  });
}

const hello = { To: '+8613800000001', From: '+15005550006', Body: '澄迈县 打印机缺纸' };
const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value);

test('a message resource has the published fields, and only those', async () => {
  const response = await call(await startSandbox(), 'Messages.json', hello);
  expect(response.status).toBe(201);
  const message = (await response.json()) as Record<string, unknown>;
  expect(Object.keys(message).sort()).toEqual(Object.keys(MESSAGE_FIELDS).sort());
  for (const [field, types] of Object.entries(MESSAGE_FIELDS)) expect(types, field).toContain(typeOf(message[field]));
  expect(message).toMatchObject({
    status: 'queued',
    num_segments: '1',
    direction: 'outbound-api',
    date_created: 'Mon, 21 Sep 2026 14:13:20 +0000',
    sid: expect.stringMatching(/^SM[0-9a-f]{32}$/) as string,
  });
});

test('a Messaging Service accepts first and has no sender yet', async () => {
  const { From: _, ...rest } = hello;
  const form = { ...rest, MessagingServiceSid: `MG${'0'.repeat(32)}` };
  const message = await (await call(await startSandbox(), 'Messages.json', form)).json();
  expect(message).toMatchObject({ status: 'accepted', from: null, num_segments: '0' });
});

test('lists newest first by recipient, in pages of the published form, and fetches one', async () => {
  const sandbox = await startSandbox();
  for (const Body of ['one', 'two', 'three']) await call(sandbox, 'Messages.json', { ...hello, Body });
  await call(sandbox, 'Messages.json', { ...hello, To: '+8613800000002' });
  const page = (await (await call(sandbox, `Messages.json?To=%2B8613800000001&PageSize=2`)).json()) as {
    messages: { sid: string; body: string }[];
    next_page_uri: string;
  };
  expect(Object.keys(page).sort()).toEqual(PAGE_FIELDS);
  expect(page.messages.map((message) => message.body)).toEqual(['three', 'two']);
  expect(page.next_page_uri).toContain('Page=1');
  const one = await call(sandbox, `Messages/${page.messages[0]?.sid}.json`);
  expect(await one.json()).toMatchObject({ body: 'three' });
  expect((await call(sandbox, `Messages/SM${'0'.repeat(32)}.json`)).status).toBe(404);
});

test.each([
  [{ ...hello, To: '+15005550001' }, 400, 21211],
  [{ ...hello, To: '13800000001' }, 400, 21211],
  [{ ...hello, To: '+15005550004' }, 400, 21610],
  [{ ...hello, To: '+15005550009' }, 400, 21614],
  [{ ...hello, From: '+15005550007' }, 400, 21606],
  [{ To: hello.To, Body: 'x' }, 400, 21603],
  [{ To: hello.To, From: hello.From }, 400, 21602],
  [{ ...hello, Body: 'x'.repeat(1601) }, 400, 21617],
  [{ ...hello, To: '+15005520429' }, 429, 20429],
  [{ ...hello, To: '+15005550500' }, 500, 20500],
])('refuses %o with %i, %i', async (form, status, code) => {
  const response = await call(await startSandbox(), 'Messages.json', form as Record<string, string>);
  expect(response.status).toBe(status);
  expect(await response.json()).toEqual({
    status,
    code,
    message: expect.any(String) as string,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  });
});

test('refuses wrong credentials and too many requests', async () => {
  const sandbox = await startSandbox();
  expect((await call(sandbox, 'Messages.json', hello, 'wrong')).status).toBe(401);
  const answers = await Promise.all(Array.from({ length: 25 }, () => call(sandbox, 'Messages.json', hello)));
  expect(answers.filter((answer) => answer.status === 429)).toHaveLength(5);
});

test('reports sent, then delivered or undelivered, signed', async () => {
  const reports: { signature: string; params: Record<string, string> }[] = [];
  const receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      const signature = String(request.headers['x-twilio-signature']);
      reports.push({ signature, params: Object.fromEntries(new URLSearchParams(body)) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise<void>((resolve) => receiver.close(() => resolve())));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/twilio/status?n=1.1`;
  const sandbox = await startSandbox();
  await call(sandbox, 'Messages.json', { ...hello, StatusCallback: url });
  await call(sandbox, 'Messages.json', { ...hello, To: '+15005530003', StatusCallback: url });
  await expect.poll(() => reports.length).toBe(4);
  for (const { signature, params } of reports) expect(signature).toBe(sign(TOKEN, url, params));
  const statuses = (to: string) => reports.filter((r) => r.params.To === to).map((r) => r.params.MessageStatus);
  expect(statuses(hello.To)).toEqual(['sent', 'delivered']);
  expect(statuses('+15005530003')).toEqual(['sent', 'undelivered']);
  expect(reports.find((r) => r.params.MessageStatus === 'undelivered')?.params).toMatchObject({ ErrorCode: '30003' });
});

test("signs as in Twilio's documentation", () => {
  const params = {
    CallSid: 'CA1234567890ABCDE',
    Caller: '+14158675309',
    Digits: '1234',
    From: '+14158675309',
    To: '+18005551212',
  };
  expect(sign('12345', 'https://mycompany.com/myapp.php?foo=1&bar=2', params)).toBe('RSOYDt4T1cUTdK1PDd93/VVr8B8=');
});

test('keeps what it answered for, and goes on after a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'sms-'));
  cleanups.push(() => rmSync(dir, { recursive: true }));
  const file = join(dir, 'messages.jsonl');
  const first = await startSandbox(file, 60_000);
  await call(first, 'Messages.json', hello);
  await first.stop();
  const second = await startSandbox(file);
  await expect.poll(() => second.messages()[0]?.status).toBe('delivered');
  expect(second.messages()).toHaveLength(1);
});

test('shows the phones without running what is in a text', async () => {
  const sandbox = await startSandbox();
  await call(sandbox, 'Messages.json', { ...hello, Body: '<script>alert(1)</script>' });
  const page = await (await fetch(sandbox.url)).text();
  expect(page).toContain('+8613800000001');
  expect(page).toContain('&lt;script&gt;');
  expect(page).not.toContain('<script>alert');
});
