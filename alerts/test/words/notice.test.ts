import { expect, test } from 'vitest';
import { byDay } from '../../src/engine/notices.ts';
import { type NoticeFacts, noticeText } from '../../src/words/notice.ts';
import { smsSize } from '../../src/words/segments.ts';

const stock: NoticeFacts = { kind: 'stock', store: '澄迈县', what: 'spares', item: 'T-100', left: 1, minimum: 2 };
const risk: NoticeFacts = { kind: 'risk', contract: 'HN-1', fromDay: '2026-10-01', toDay: '2026-11-01' };
const zh = { lang: 'zh-CN', signature: 'Uptally' } as const;
const en = { lang: 'en', signature: 'Uptally' } as const;

test('a notice says what runs low where, or which period falls short, and no amounts', () => {
  expect(noticeText(stock, zh)).toBe('【Uptally】澄迈县 备机不足：T-100 剩 1，最低 2。');
  expect(noticeText({ ...stock, store: 'Chengmai', what: 'parts', item: 'print head' }, en)).toBe(
    'Uptally: Chengmai: low on parts, print head: 1 left, minimum 2.',
  );
  expect(noticeText(risk, zh)).toBe(
    '【Uptally】合同 HN-1 10-01 至 10-31 结算期：按目前走势达不到全额，请查看资金风险。',
  );
  expect(noticeText(risk, en)).toBe(
    'Uptally: contract HN-1, 10-01 to 10-31: forecast below full payment, see Money at risk.',
  );
  expect(smsSize(noticeText({ ...risk, contract: '一体化智能服务终端'.repeat(9) }, zh)).segments).toBe(1);
});

test('what does not wake anybody waits for the morning of the platform', () => {
  const shanghai = (text: string) => Date.parse(`2026-03-10T${text}+08:00`);
  expect(byDay(shanghai('08:00:00'), 'Asia/Shanghai')).toBe(shanghai('08:00:00'));
  expect(byDay(shanghai('19:59:59'), 'Asia/Shanghai')).toBe(shanghai('19:59:59'));
  expect(byDay(shanghai('20:00:00'), 'Asia/Shanghai')).toBe(shanghai('08:00:00') + 86_400_000);
  expect(byDay(shanghai('03:15:30'), 'Asia/Shanghai')).toBe(shanghai('08:00:00'));
  expect(byDay(shanghai('00:00:00'), 'Asia/Shanghai')).toBe(shanghai('08:00:00'));
});
