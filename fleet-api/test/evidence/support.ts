import type { ContractCase, DeviceCase, PeriodCase, StationCase } from '../../src/evidence/case/types.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
/** 2026-10-01 in Shanghai. */
export const BEGIN = Date.UTC(2026, 8, 30, 16);

export const period: PeriodCase = {
  name: '2026-10-01..2026-10-03',
  fromDay: '2026-10-01',
  toDay: '2026-10-03',
  from: BEGIN,
  to: BEGIN + 2 * DAY_MS,
};

export const contract: ContractCase = {
  asOf: BEGIN + 30 * DAY_MS,
  id: 7,
  code: 'HN',
  name: 'Hainan terminals',
  timeZone: 'Asia/Shanghai',
  termFrom: '2026-01-01',
  termTo: null,
  calendar: { kind: 'always' },
  holidays: [],
  workdays: [],
  platformSpans: [{ from: BEGIN - DAY_MS, to: BEGIN + 31 * DAY_MS }],
  exclusions: [
    {
      id: 1,
      kind: 'planned_maintenance',
      dimension: 'both',
      target: { kind: 'site', id: 3 },
      from: BEGIN + 2 * HOUR_MS,
      to: BEGIN + 3 * HOUR_MS,
      reason: 'line works',
      proposedBy: 'Contractor',
      decidedBy: 'Agency',
    },
  ],
};

export const station: StationCase = {
  id: 11,
  code: 'ST-0011',
  name: 'Counter 1',
  site: { id: 3, code: 'SI-3', name: 'Village clinic 3' },
  regions: [{ id: 1, name: 'Province' }],
  commissionedAt: BEGIN - 10 * DAY_MS,
  decommissionedAt: null,
  suspensions: [],
  installations: [{ deviceKey: 5, deviceId: 'pos-5', from: BEGIN - 10 * DAY_MS, to: null }],
};

/** Beats every minute from `from` to `to`, except inside the gaps; all live. */
export function device(gaps: readonly { readonly from: number; readonly to: number }[] = []): DeviceCase {
  const beats = [];
  let seq = 100;
  for (let at = BEGIN - HOUR_MS; at < BEGIN + 2 * DAY_MS + HOUR_MS; at += MINUTE_MS) {
    if (gaps.some(({ from, to }) => at >= from && at < to)) continue;
    seq += 1;
    beats.push({ at, seq, live: true, livenessMs: 150_000, receivedAt: at + 80, estimated: false });
  }
  return {
    deviceKey: 5,
    deviceId: 'pos-5',
    serial: 'SN-5',
    beats,
    reports: [{ at: BEGIN - HOUR_MS, seq: 100, component: 'printer', state: 'ok', receivedAt: BEGIN, reason: null }],
    boots: [BEGIN - 2 * HOUR_MS],
    cleanEnds: [],
    requirements: [{ from: -8_640_000_000_000_000, components: ['printer'] }],
    received: [{ lo: 100, hi: seq + 1 }],
  };
}
