import { COMPONENTS, REASONS } from '@uptally/protocol';
import { describe, expect, test } from 'vitest';
import { type IncidentFacts, incidentText } from '../../src/words/message.ts';
import { smsSize } from '../../src/words/segments.ts';
import { faultWords } from '../../src/words/vocabulary.ts';

const since = Date.parse('2026-11-21T14:32:10+08:00');
const style = { signature: 'Uptally', timeZone: 'Asia/Shanghai', nowMs: since + 5_000 } as const;
const zh = { ...style, lang: 'zh-CN' } as const;
const en = { ...style, lang: 'en' } as const;

const fault: IncidentFacts = {
  rule: 'component_fault',
  county: '澄迈县',
  fleet: false,
  component: 'printer',
  reason: 'paper_out',
  devices: 1,
  total: 0,
  site: '老城卫生院',
  station: '1号终端',
  serial: 'SN-1',
  sinceMs: since,
};
const outage: IncidentFacts = { ...fault, rule: 'device_offline', component: null, reason: null, devices: 86 };

describe('incidentText', () => {
  test('says what, where and since when', () => {
    expect(incidentText(fault, zh)).toBe('【Uptally】澄迈县 打印机缺纸：老城卫生院 1号终端，14:32 起。');
    expect(incidentText(outage, zh)).toBe('【Uptally】澄迈县 86 台终端离线，14:32 起。');
    expect(incidentText({ ...outage, devices: 1 }, zh)).toBe(
      '【Uptally】澄迈县 终端离线：老城卫生院 1号终端，14:32 起。',
    );
    expect(incidentText({ ...fault, devices: 3 }, zh)).toBe('【Uptally】澄迈县 打印机缺纸：3 台终端，14:32 起。');
    expect(incidentText({ ...outage, fleet: true, county: null, devices: 2301, total: 2754 }, zh)).toBe(
      '【Uptally】全网 2754 台终端中 2301 台离线，14:32 起。',
    );
  });

  test('says it in English', () => {
    const names = { county: 'Chengmai', site: 'Laocheng Hospital', station: 'terminal 1' };
    expect(incidentText({ ...fault, ...names }, en)).toBe(
      'Uptally: Chengmai, printer out of paper: Laocheng Hospital terminal 1 since 14:32.',
    );
    expect(incidentText({ ...outage, ...names }, en)).toBe('Uptally: Chengmai, 86 terminals offline since 14:32.');
  });

  test('names the day if it was another one', () => {
    expect(incidentText(outage, { ...zh, nowMs: since + 86_400_000 })).toContain('11-21 14:32 起');
  });

  test('falls back to the serial number where there is no place', () => {
    const bare = { ...fault, county: null, site: null, station: null };
    expect(incidentText(bare, zh)).toBe('【Uptally】打印机缺纸：终端 SN-1，14:32 起。');
  });

  test('cuts names until one SMS holds it, and the county last', () => {
    const long = {
      ...fault,
      site: '某某县某某镇某某村委会第三村民小组中心卫生室服务站'.repeat(3),
      station: '一号自助服务终端',
    };
    const text = incidentText(long, zh);
    expect(smsSize(text)).toMatchObject({ segments: 1, units: 70 });
    expect(text).toContain('澄迈县 打印机缺纸：某某县');
    expect(text).toContain('一号自助服务终端，14:32 起。');
  });

  test('takes a second SMS rather than losing the fact', () => {
    const text = incidentText({ ...fault, serial: 'x' }, { ...zh, signature: '长'.repeat(60) });
    expect(text).toContain('打印机缺纸');
    expect(smsSize(text).segments).toBe(2);
  });
});

describe('faultWords', () => {
  test('has words for every component with every reason, and none of them is a code', () => {
    for (const component of COMPONENTS) {
      for (const reason of REASONS) {
        expect(faultWords('zh-CN', component, reason)).toMatch(/[\u4e00-\u9fff]/);
        expect(faultWords('zh-CN', component, reason)).not.toContain('_');
        expect(faultWords('en', component, reason)).not.toContain('_');
      }
    }
  });

  test('an unknown code is a fault, not gibberish', () => {
    expect(faultWords('zh-CN', 'printer', 'e_4711')).toBe('打印机故障');
    expect(faultWords('zh-CN', 'warp_core', null)).toBe('故障');
    expect(faultWords('en', 'toString', 'constructor')).toBe('fault');
  });
});
