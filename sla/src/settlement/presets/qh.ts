import type { Contract } from '../language/index.ts';
import { COMMON, choice, FIVE_BY_EIGHT, hours, PARTIES, reading, text } from './common.ts';

const FEE = { price: 'yearly_fee' } as const;
const HALF = { clauses: ['half_year_fee'] };

/** Maintenance of a hospital's system: half-yearly payment by grade, less complaints (R-QH-4, R-QH-5). */
export const QH: Contract = {
  ...COMMON,
  code: 'QH',
  name: text('电子票据系统维护合同', 'E-invoice system maintenance contract'),
  parties: PARTIES,
  term: { from: '2024-01-01', to: '2025-01-01' },
  calendar: FIVE_BY_EIGHT,
  prices: [{ id: 'yearly_fee', name: text('年维护费', 'Yearly fee'), source: '付款条件和方式', amount_fen: 1_400_000 }],
  duties: [
    {
      id: 'fault',
      kind: 'repair',
      title: text('一般故障', 'Fault'),
      source: 'R-QH-1',
      clock: 'always',
      respond_ms: 600_000,
      on_site_ms: hours(2),
    },
    {
      id: 'major_fault',
      kind: 'repair',
      title: text('重大故障', 'Major failure'),
      source: 'R-QH-1',
      clock: 'always',
      respond_ms: 600_000,
      on_site_ms: hours(2),
      restore_ms: hours(8),
    },
    {
      id: 'monthly_inspection',
      kind: 'inspection',
      title: text('月度巡检', 'Monthly inspection'),
      source: 'R-QH-2',
      cycle: 'month',
    },
    {
      id: 'inspection_report',
      kind: 'document',
      title: text('月度巡检报告', 'Monthly inspection report'),
      source: 'R-QH-2',
      cycle: 'month',
    },
    {
      id: 'restore_record',
      kind: 'document',
      title: text('数据库备份与恢复演练记录', 'Record of the database backup and its restore'),
      source: 'R-QH-2',
      cycle: 'quarter',
    },
    {
      id: 'half_year_report',
      kind: 'document',
      title: text('半年服务报告', 'Half-yearly report'),
      source: 'R-QH-2',
      cycle: 'half_year',
    },
    {
      id: 'ledger',
      kind: 'document',
      title: text('维修台账', 'Maintenance ledger'),
      source: 'R-QH-3',
      cycle: 'half_year',
    },
  ],
  metrics: [
    {
      id: 'rating',
      kind: 'rating',
      name: text('服务考核平均分', 'Average rating'),
      items: [
        { id: 'inspection', name: text('巡检', 'Inspection') },
        { id: 'hotline', name: text('热线', 'Hotline') },
        { id: 'emergency', name: text('应急到场', 'Emergency on site') },
        { id: 'quality', name: text('维修质量', 'Repair quality') },
        { id: 'recurrence', name: text('故障复发', 'Recurrence') },
        { id: 'timeliness', name: text('及时性', 'Timeliness') },
        { id: 'skill', name: text('技能', 'Skill') },
        { id: 'training', name: text('培训', 'Training') },
        { id: 'optimisation', name: text('优化', 'Optimisation') },
        { id: 'conduct', name: text('现场行为', 'Conduct on site') },
        { id: 'improvement', name: text('改进', 'Improvement') },
      ],
      interpretations: [reading('equal_weight', '各考核项权重相同', 'all rated items weigh the same')],
    },
    {
      id: 'monthly_ratings',
      kind: 'list',
      unit: 'point',
      taken_from: 'monthly_ratings',
      name: text('各月考核平均分', 'Average rating of each month'),
    },
    { id: 'complaints', kind: 'complaints', name: text('有效投诉', 'Valid complaints') },
  ],
  clauses: [
    {
      id: 'half_year_fee',
      form: 'share',
      title: text('半年维护费', 'Half-year fee'),
      source: '付款条件和方式',
      of: FEE,
      percent: '50',
    },
    {
      id: 'grade',
      form: 'grade',
      title: text('考核等级扣款', 'Deduction by grade'),
      source: '3.4 考核评价表；付款条件和方式',
      subject: { metric: 'rating' },
      score_rounding: 'exact',
      of: HALF,
      grades: [
        { id: 'A', at_least: '90', below: null, deduct_percent: '0', delay_months: 0 },
        { id: 'B', at_least: '80', below: '90', deduct_percent: '2', delay_months: 1 },
        { id: 'C', at_least: null, below: '80', deduct_percent: '5', delay_months: 2 },
      ],
      interpretations: [
        choice(
          'between_grades',
          'score_rounding',
          text(
            '条款未规定 89 至 90 分之间的等级；平均分不取整，未满 90 分为 B 级',
            'the text names no grade between 89 and 90; averages are not rounded, and below 90 is B',
          ),
          [
            ['exact', '不取整', 'not rounded'],
            ['half_up', '四舍五入取整', 'rounded half up'],
            ['down', '舍去小数', 'fractions dropped'],
          ],
        ),
      ],
    },
    {
      id: 'complaint_fee',
      form: 'per_event',
      title: text('投诉扣款', 'Deduction for each complaint'),
      source: '违约责任 1',
      effect: 'deduct',
      metric: 'complaints',
      fen_each: 50_000,
      free: 0,
    },
    {
      id: 'many_complaints',
      form: 'beyond_count',
      title: text('半年内三次及以上投诉', 'Three complaints or more in a half-year'),
      source: '违约责任 1',
      effect: 'deduct',
      metric: 'complaints',
      from: 3,
      times: 'once',
      percent: '3',
      of: HALF,
      interpretations: [
        choice(
          'of_the_fee',
          'of',
          text(
            '“半年付款”指扣款前的半年维护费',
            'the half-year payment of which 3 % is taken is the fee before deductions',
          ),
          [
            [HALF, '以扣款前的半年维护费为基数', 'of the half-year fee before deductions'],
            [
              { clauses: ['half_year_fee', 'grade', 'complaint_fee'] },
              '以其他扣款后的应付款为基数',
              'of what is left after the other deductions',
            ],
          ],
        ),
        choice(
          'once',
          'times',
          text('达到三次后只加扣一次', 'the further deduction is made once, however many follow'),
          [
            ['once', '只加扣一次', 'once'],
            ['each', '自第三次起每次加扣', 'for each from the third on'],
          ],
        ),
      ],
    },
    {
      id: 'termination',
      form: 'termination',
      title: text('连续两月 C 级', 'Grade C two months running'),
      source: '违约责任 2',
      subject: { metric: 'monthly_ratings' },
      conditions: [{ below: '80', consecutive: 2 }],
    },
  ],
  schedule: [
    {
      id: 'half_year',
      title: text('半年付款', 'Half-yearly payment'),
      source: '付款条件和方式',
      cycle: 'half_year',
      clauses: ['half_year_fee', 'grade', 'complaint_fee', 'many_complaints', 'termination'],
    },
  ],
};
