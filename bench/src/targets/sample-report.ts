import type { FaultLine, ReportFigures, StationLine } from '../../../fleet-api/src/reports/figures/types.ts';

type Figure = StationLine['network'];

const DAY_MS = 86_400_000;
const FROM_MS = Date.parse('2026-10-01T00:00:00+08:00');
const COUNTIES = 21;
const CAUSES = ['printer', 'offline', 'card_reader', 'id_reader', 'program', 'screen', 'power'] as const;

/** A month of a fleet of that many stations as a report keeps it: what the services would have found, of the usual mix. */
export function sampleFigures(stations: number, faults: number): ReportFigures {
  const all = Array.from({ length: stations }, (_, i) => stationLine(i));
  const lines = Array.from({ length: faults }, (_, i) => faultLine(i));
  const pair = { network: figure(2_754, 3), equipment: figure(2_754, 1) };
  const late = lines.filter(({ verdict }) => verdict === 'late').length;
  const onTime = lines.length - late;
  const group = (key: string, total: number) => ({ key, total, onTime: total - 1, late: 1, pending: 0 });
  return {
    v: 1,
    kind: 'month',
    fromDay: '2026-10-01',
    toDay: '2026-11-01',
    madeAtMs: FROM_MS + 33 * DAY_MS,
    contract: {
      id: 1,
      code: 'HN-2026',
      name: '村医通终端运维服务合同',
      timeZone: 'Asia/Shanghai',
      agency: '示例省医疗保障局',
      contractor: '示例信息技术股份有限公司',
      isBaseline: false,
    },
    region: null,
    availability: {
      period: { days_missing: 0, closed: true, asOfMs: FROM_MS + 31 * DAY_MS },
      stations,
      total: pair,
      days: Array.from({ length: 31 }, (_, i) => ({
        day: `2026-10-${String(i + 1).padStart(2, '0')}`,
        final: i !== 17,
        network: figure(stations, 2 + Math.abs(7 - (i % 14)) / 2),
        equipment: figure(stations, 1 + (i % 5) / 2),
      })),
      areas: Array.from({ length: COUNTIES }, (_, i) => ({
        name: county(i),
        stations: Math.floor(stations / COUNTIES),
        network: figure(131, (i % 7) + 1),
        equipment: figure(131, i % 4),
      })),
      worst: all.slice(0, 20),
      all,
    },
    faults: {
      total: faults,
      timeliness: { onTime, late, pending: 0, cancelled: 0, notOwed: 0, rate: { num: onTime, den: faults } },
      stages: (['respond', 'on_site', 'temporary_restoration', 'repair'] as const).map((stage) => ({
        stage,
        met: onTime,
        breached: late,
        running: 0,
      })),
      byCause: CAUSES.map((cause, i) => group(cause, 60 - i * 7)),
      byCounty: Array.from({ length: COUNTIES }, (_, i) => group(county(i), 40 - i)),
      bySeverity: [group('ordinary', faults - 12), group('major', 12)],
      recurrences: 9,
      meanRepairMs: 9 * 3_600_000 + 41 * 60_000,
      openAtEnd: 3,
      lines,
    },
    inspections: {
      figures: { inTime: 402, later: 20, missed: 12, pending: 0, rate: { num: 422, den: 434 } },
      byCounty: Array.from({ length: COUNTIES }, (_, i) => ({
        county: county(i),
        inTime: 19,
        later: i % 2,
        missed: i % 3 === 0 ? 1 : 0,
        pending: 0,
        rate: { num: 19 + (i % 2), den: 19 + (i % 2) + (i % 3 === 0 ? 1 : 0) },
      })),
    },
    duties: {
      documents: { onTime: 5, late: 1, missing: 0, pending: 0, rate: { num: 5, den: 6 } },
      late: [{ name: '月度运维报告', dueAt: FROM_MS + 5 * DAY_MS, doneAt: FROM_MS + 6 * DAY_MS }],
      complaints: { serious: 0, ordinary: 2, resolved: 1, open: 1, disputed: 0 },
      ratings: [{ month: '2026-10', score: { num: 1019, den: 11 } }],
      ledger: { total: faults, open: 3, unconfirmed: 20, disputed: 1, confirmed: faults - 24 },
    },
    stock: {
      stores: Array.from({ length: COUNTIES }, (_, i) => ({
        store: county(i),
        model: 'POS 一型',
        inStock: 8 + (i % 5),
        inRepair: i % 3,
        minimum: 6,
      })),
      movements: { installed: 31, removed: 31, sent: 28, returned: 25, transferred: 4 },
      partsUsed: [{ name: '热敏打印头', quantity: 14 }],
      repairs: { sent: 28, returned: 25, atCentre: 9, repairFen: 1_284_050, logisticsFen: 96_000 },
    },
    network: {
      devices: stations,
      latencyMs: 86.3,
      jitterMs: 11.2,
      sent: 8_900_000,
      lost: 4_100,
      packets: 91_000_000,
      packetErrors: 3_300,
      within: {
        latency: [stations - 31, stations],
        jitter: [stations - 12, stations],
        loss: [stations - 44, stations],
        error: [stations - 3, stations],
      },
    },
    sim: {
      cards: stations,
      bytes: 301_882_113_002,
      poolBytes: 1_500_000_000_000,
      overQuota: 2,
      top: all.slice(0, 10).map(({ code, name }, i) => ({
        device: `pos-${1000 + i}`,
        station: `${code} ${name}`,
        bytes: 612_000_000 - i * 20_000_000,
      })),
    },
    exclusions: Array.from({ length: 18 }, (_, i) => ({
      id: i + 1,
      kind: i % 2 === 0 ? 'site_power_cut' : 'planned_maintenance',
      dimension: i % 3 === 0 ? 'both' : 'network',
      target: `${county(i)}第${i + 1}卫生室`,
      from: FROM_MS + i * DAY_MS,
      to: FROM_MS + i * DAY_MS + 7_200_000,
      reason: '供电局计划检修停电，机构已书面告知。',
    })),
    outages: [{ from: FROM_MS + 9 * DAY_MS, to: FROM_MS + 9 * DAY_MS + 754_000 }],
    analyses: lines.slice(0, 40).map(({ order, station, cause }, i) => ({
      order: order ?? '',
      place: station ?? '',
      cause,
      causeKind: i % 3 === 0 ? 'consumables' : 'hardware',
      analysis: '打印机走纸轮磨损，长期使用潮湿热敏纸导致打印头积碳，出纸检测触点接触不良。',
      advice: '更换走纸轮并清洁打印头；建议机构将热敏纸存放于干燥处，每季度清洁一次。',
      costFen: i * 1_250,
      warranty: i % 2 === 0 ? 'in' : 'out',
    })),
  };
}

const county = (i: number): string => `第${(i % COUNTIES) + 1}县`;

/** `lost` percent of the time down. */
function figure(stations: number, lost: number): Figure {
  const required = stations * DAY_MS;
  const down = Math.floor((required * lost) / 100);
  const percent = (Math.floor(((required - down) * 10_000) / required) / 100).toFixed(2);
  return {
    required_ms: required,
    up_ms: required - down,
    down_ms: down,
    unknown_ms: 0,
    platform_ms: 0,
    excluded_ms: 0,
    counted_down_ms: down,
    rate: { num: required - down, den: required },
    percent,
    target_percent: '95',
    reaches_target: lost <= 5,
    daily: null,
    mean_percent: null,
  };
}

function stationLine(i: number): StationLine {
  return {
    code: `HN${String(460_000 + i)}-1`,
    name: `${(i % 2) + 1}号窗口`,
    site: `第${(i % COUNTIES) + 1}县第${(i % 17) + 1}镇第${i + 1}村卫生室`,
    county: county(i),
    network: figure(31, (i % 97) / 10),
    equipment: figure(31, (i % 41) / 10),
  };
}

function faultLine(i: number): FaultLine {
  const openedAt = FROM_MS + i * 4_000_000;
  const isLate = i % 25 === 0;
  return {
    number: `F-${String(i + 1).padStart(6, '0')}`,
    order: `W-${String(i + 1).padStart(6, '0')}`,
    county: county(i),
    site: `第${i + 1}村卫生室`,
    station: `第${(i % 17) + 1}镇第${i + 1}村卫生室 1号窗口`,
    cause: CAUSES[i % CAUSES.length] ?? 'other',
    reason: i % CAUSES.length === 0 ? 'paper_out' : null,
    severity: i % 40 === 0 ? 'major' : 'ordinary',
    openedAt,
    endedAt: openedAt + (isLate ? 3 : 0.4) * DAY_MS,
    status: 'repaired',
    verdict: isLate ? 'late' : 'on_time',
    stages: { respond: 'met', on_site: 'met', temporary_restoration: 'met', repair: isLate ? 'breached' : 'met' },
  };
}
