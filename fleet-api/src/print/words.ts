import type { PaperLanguage } from './document.ts';

/** What every piece of paper says by itself. */
export const PAPER_WORDS = {
  zh: {
    page: (page: number, pages: number) => `第 ${page} 页 / 共 ${pages} 页`,
    madeAt: '生成时间',
    number: '编号',
    signature: '签字（盖章）',
    date: '日期',
    day: '　　　　年　　月　　日',
    name: '姓名',
    colon: '：',
    noData: '无数据',
    nothing: '无',
  },
  en: {
    page: (page: number, pages: number) => `Page ${page} of ${pages}`,
    madeAt: 'Made at',
    number: 'No.',
    signature: 'Signature (seal)',
    date: 'Date',
    day: '____ / __ / __',
    name: 'Name',
    colon: ': ',
    noData: 'no data',
    nothing: 'None',
  },
} as const satisfies Record<PaperLanguage, unknown>;

export type PaperWords = (typeof PAPER_WORDS)[PaperLanguage];
