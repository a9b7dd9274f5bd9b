import { describe, expect, it } from 'vitest';
import type { PaperBlock, PaperDocument } from '../../src/print/document.ts';
import { drawPdf } from '../../src/print/draw.ts';
import { pdfPages, pdfText } from '../support/pdf-text.ts';

const paper = (blocks: readonly PaperBlock[], more: Partial<PaperDocument> = {}): PaperDocument => ({
  title: '运维服务报告',
  number: 'R-000012',
  language: 'zh',
  meta: [['合同', '村医通终端运维']],
  sections: [{ heading: '一、总体情况', blocks }],
  madeAt: '2026-11-01 06:00',
  ...more,
});

const columns = ['序', '点位', '编码'].map((label) => ({ label }));
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('PDF', () => {
  it('says what the document says, with pages counted and heads repeated', async () => {
    const rows = Array.from({ length: 120 }, (_, i) => [i + 1, `第${i + 1}卫生室`, `HN-${1000 + i}`]);
    const pdf = await drawPdf(paper([{ kind: 'table', columns, rows, total: [null, '合计', 120] }]));
    const text = pdfText(pdf);
    const pages = pdfPages(pdf);
    expect(pages).toBeGreaterThan(1);
    for (const part of ['运维服务报告', '编号', 'R-000012', '第120卫生室', 'HN-1119', '合计'])
      expect(text).toContain(part);
    expect(text.replaceAll(' ', '')).toContain(`第${pages}页/共${pages}页`);
    expect(text.split('点位').length - 1).toBe(pages);
  });

  it('takes characters that no font has, controls, and words wider than their cell', async () => {
    const odd = `𬭎😀\u0000\u202e\ud800${'X'.repeat(400)}`;
    const text = pdfText(await drawPdf(paper([{ kind: 'table', columns, rows: [[odd, odd, odd]] }])));
    expect(text.split('X').length - 1).toBe(1200);
  });

  it('draws every kind of block, also empty ones', async () => {
    const blocks: PaperBlock[] = [
      { kind: 'paragraph', text: '第一行\n第二行' },
      { kind: 'paragraph', style: 'note', text: '说明' },
      { kind: 'table', columns, rows: [], empty: '本期无故障。' },
      { kind: 'facts', items: [['采购人', '医保局']] },
      { kind: 'facts', items: [] },
      { kind: 'figures', items: [{ label: '网络通畅率', value: '94.99%', note: '目标 95%' }] },
      { kind: 'image', content: PNG, caption: '现场照片' },
      { kind: 'image', content: Buffer.from('<html>'), caption: '不是图片' },
      { kind: 'chart', type: 'line', labels: ['1日'], series: [{ name: '无', values: [null] }], unit: '%' },
      {
        kind: 'signatures',
        parties: [{ label: '运维单位', name: '张三', image: PNG, date: '2026-11-01' }, { label: '采购人' }],
      },
      { kind: 'signatures', parties: [] },
    ];
    const text = pdfText(await drawPdf(paper(blocks, { watermark: '草稿', isLandscape: true, footer: '合同' })));
    for (const part of ['第二行', '本期无故障。', '医保局', '94.99%', '不是图片', '无数据', '张三', '草稿']) {
      expect(text).toContain(part);
    }
  });
});
