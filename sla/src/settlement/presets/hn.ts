import type { Contract } from '../language/index.ts';
import { COMMON, choice, PARTIES, reading, text } from './common.ts';

const PROVINCE = reading(
  'province_time_weighted',
  '全省比率按时间加权：全部点位正常时间之和 ÷ 全部点位应计时间之和',
  'the rate over the province weighs by time: up time of all stations / counted time of all stations',
);

/** Village terminals: two rates over the whole province decide the final payment (R-HN-9, R-HN-10). */
export const HN: Contract = {
  ...COMMON,
  code: 'HN',
  name: text('村医通终端运维服务合同', 'Village terminal operations contract'),
  parties: [...PARTIES, { id: 'previous', role: 'contractor', name: text('前任运维单位', 'Previous contractor') }],
  term: { from: '2023-12-01', to: '2024-12-01' },
  sub_periods: [
    { id: 'handover', from: '2023-12-01', to: '2024-02-01', contractor: 'previous' },
    { id: 'main', from: '2024-02-01', to: '2024-12-01', contractor: 'contractor' },
  ],
  interpretations: [
    {
      id: 'parted_by_days',
      field: 'sub_periods',
      text: text(
        '合同期内先后由不同单位服务（其他要求 6.2、6.3），价款按服务天数划分',
        'contractors that served one after the other (其他要求 6.2, 6.3) share the price by days served',
      ),
    },
  ],
  prices: [
    { id: 'price', name: text('合同总价', 'Contract price'), source: '商务要求 4.1', amount_fen: 100_000_000 },
    { id: 'operations_fee', name: text('运维费', 'Operations fee'), source: '商务要求 4.2', amount_fen: 100_000_000 },
  ],
  duties: [
    {
      id: 'county_visit',
      kind: 'inspection',
      title: text('市县巡检', 'Visit to each county'),
      source: 'R-HN-3',
      cycle: 'quarter',
    },
    {
      id: 'service_report',
      kind: 'document',
      title: text('运维服务报告', 'Operations service report'),
      source: 'R-HN-5',
      cycle: 'term',
    },
  ],
  metrics: [
    {
      id: 'equipment',
      kind: 'availability',
      dimension: 'equipment',
      aggregation: 'time_weighted',
      name: text('设备完好率', 'Equipment-intact rate'),
      interpretations: [PROVINCE],
    },
    {
      id: 'network',
      kind: 'availability',
      dimension: 'network',
      aggregation: 'time_weighted',
      name: text('网络通畅率', 'Network-connectivity rate'),
      interpretations: [PROVINCE],
    },
  ],
  clauses: [
    {
      id: 'advance',
      form: 'share',
      title: text('签约付款', 'Payment on signature'),
      source: '商务要求 4.1',
      of: { price: 'price' },
      percent: '40',
    },
    {
      id: 'final_payment',
      form: 'tiers',
      title: text('期末按率付款', 'Final payment by rates'),
      source: '商务要求 4.2；验收要求 5',
      effect: 'pay',
      of: { price: 'operations_fee' },
      metrics: ['equipment', 'network'],
      mixed: 'lowest',
      tiers: [
        { id: 'full', at_least: '95', below: null, percent: '60' },
        { id: 'reduced', at_least: '85', below: '95', percent: '50' },
        { id: 'least', at_least: null, below: '85', percent: '40' },
      ],
      interpretations: [
        choice(
          'mixed_lowest',
          'mixed',
          text(
            '条款未规定两项比率不同档的情形，以较低一档为准',
            'the text does not say what holds if the two rates lie in different tiers; the lower one governs',
          ),
          [
            ['lowest', '以较低一档为准', 'the lower governs'],
            ['highest', '以较高一档为准', 'the higher governs'],
          ],
        ),
      ],
    },
  ],
  schedule: [
    {
      id: 'signature',
      title: text('签约付款', 'On signature'),
      source: '商务要求 4.1',
      cycle: 'once',
      clauses: ['advance'],
    },
    {
      id: 'final',
      title: text('期末付款', 'Final payment'),
      source: '商务要求 4.2',
      cycle: 'term',
      clauses: ['final_payment'],
    },
  ],
};
