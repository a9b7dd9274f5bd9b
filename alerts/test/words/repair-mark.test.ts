import { expect, test } from 'vitest';
import { type MarkFacts, markText } from '../../src/words/repair-mark.ts';

const facts: MarkFacts = {
  order: 12,
  stage: 'repair',
  percent: 80,
  cause: 'printer',
  reason: 'paper_out',
  stations: 1,
  county: '澄迈县',
  site: '金江镇卫生院',
  station: '1号终端',
  dueMs: Date.parse('2026-03-10T14:32:00+08:00'),
};
const style = {
  lang: 'zh-CN' as const,
  signature: 'Uptally',
  timeZone: 'Asia/Shanghai',
  nowMs: Date.parse('2026-03-10T12:00:00+08:00'),
};

test('a warning says what, where and until when; an overrun that it has passed', () => {
  expect(markText(facts, style)).toBe(
    '【Uptally】工单 W-000012 金江镇卫生院 1号终端 打印机缺纸：修复时限已用 80%，截止 14:32。',
  );
  expect(markText({ ...facts, percent: 100, stations: 500, cause: 'offline' }, style)).toBe(
    '【Uptally】工单 W-000012 澄迈县 500 个点位 终端离线：修复已超时，截止 14:32。',
  );
  expect(
    markText({ ...facts, county: 'Chengmai', site: 'Jinjiang clinic', station: '1' }, { ...style, lang: 'en' }),
  ).toBe('Uptally: W-000012 Jinjiang clinic 1, printer out of paper: 80% of repair time used, due 14:32.');
});

test('a long place is cut until it is one message', () => {
  const text = markText(
    { ...facts, site: '海南省澄迈县金江镇中心卫生院附属社区卫生服务站第一诊室及药房与检验科室' },
    style,
  );
  expect(text.length).toBeLessThanOrEqual(70);
  expect(text).toMatch(/截止 14:32。$/);
});
