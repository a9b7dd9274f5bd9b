import { describe, expect, test } from 'vitest';
import { type Board, type DeviceFacts, decide, FLEET_GROUP, type GroupIncident } from '../../src/engine/board.ts';
import type { Fact } from '../../src/engine/events.ts';
import { DEFAULT_POLICY } from '../../src/engine/policy.ts';

const NOW = 10_000_000;

function device(deviceKey: number, facts: Partial<DeviceFacts> = {}): DeviceFacts {
  return {
    deviceKey,
    watched: true,
    stationId: deviceKey,
    countyId: 7,
    required: [],
    livenessMs: 150_000,
    faults: [],
    ...facts,
  };
}

function board(parts: Partial<Omit<Board, 'devices'>> & { devices?: readonly DeviceFacts[] } = {}): Board {
  const { devices = [device(1), device(2), device(3)], ...rest } = parts;
  return {
    nowMs: NOW,
    open: new Map(),
    past: new Map(),
    incidents: [],
    deferred: new Set(),
    journal: [],
    ...rest,
    devices: new Map(devices.map((d) => [d.deviceKey, d])),
  };
}

const offline = (deviceKey: number, clean = false): Fact => ({ kind: 'offline', deviceKey, atMs: NOW - 1000, clean });
const online = (deviceKey: number): Fact => ({ kind: 'online', deviceKey, atMs: NOW });
const fault = (deviceKey: number, reason = 'paper_out', component = 'printer'): Fact => ({
  kind: 'fault',
  deviceKey,
  component,
  reason,
  atMs: NOW - 500,
});
const play = (b: Board, ...facts: Fact[]) => decide(b, facts, DEFAULT_POLICY);
const incident = (parts: Partial<GroupIncident> = {}): GroupIncident => ({
  id: 5,
  groupKey: 'device_offline:7',
  notifiedAtMs: null,
  resolved: false,
  ...parts,
});

describe('grouping', () => {
  test('the silence of one county is one incident that waits', () => {
    const { alerts, newIncidents } = play(board(), offline(1), offline(2), offline(3));
    expect(alerts).toHaveLength(3);
    expect(newIncidents).toEqual([
      { groupKey: 'device_offline:7', rule: 'device_offline', countyId: 7, waitMs: DEFAULT_POLICY.offlineWaitMs },
    ]);
  });

  test('counties are told apart', () => {
    const devices = [device(1), device(2, { countyId: 8 })];
    expect(play(board({ devices }), offline(1), offline(2)).newIncidents).toHaveLength(2);
  });

  test('equal faults of a county are one incident, different faults are not', () => {
    const { newIncidents } = play(board(), fault(1), fault(2), fault(3, 'cover_open'));
    expect(newIncidents.map((i) => i.groupKey)).toEqual([
      'component_fault:7:printer:paper_out',
      'component_fault:7:printer:cover_open',
    ]);
    expect(newIncidents[0]?.waitMs).toBe(0);
  });

  test('joins an incident that people were told of within the interval, not an older one', () => {
    const fresh = incident({ notifiedAtMs: NOW - DEFAULT_POLICY.groupIntervalMs });
    const old = incident({ notifiedAtMs: NOW - DEFAULT_POLICY.groupIntervalMs - 1 });
    expect(play(board({ incidents: [fresh] }), offline(1)).alerts[0]?.incident).toEqual({ id: 5 });
    expect(play(board({ incidents: [old] }), offline(1)).newIncidents).toHaveLength(1);
  });

  test('an outage of the fleet takes in what falls silent next', () => {
    const fleet = incident({ id: 9, groupKey: FLEET_GROUP, notifiedAtMs: NOW - 1000 });
    expect(play(board({ incidents: [incident(), fleet] }), offline(1)).alerts[0]?.incident).toEqual({ id: 9 });
  });
});

describe('what is no alert', () => {
  test('a clean end, a device out of service, a device unknown, a part that the model does not need', () => {
    const devices = [device(1), device(2, { watched: false }), device(3, { required: ['screen'] })];
    const { alerts } = play(board({ devices }), offline(1, true), offline(2), fault(2), fault(3), offline(99));
    expect(alerts).toEqual([]);
  });

  test('what is open already', () => {
    const open = new Map([['offline:1', { dedupKey: 'offline:1', deviceKey: 1, incidentId: 5 }]]);
    expect(play(board({ open }), offline(1)).alerts).toEqual([]);
  });
});

describe('ends and flaps', () => {
  const open = new Map([['offline:1', { dedupKey: 'offline:1', deviceKey: 1, incidentId: 5 }]]);

  test('coming back ends the alert once', () => {
    const { resolved, alerts } = play(board({ open }), online(1), online(1));
    expect([...resolved]).toEqual([['offline:1', NOW]]);
    expect(alerts).toEqual([]);
  });

  test('an alert that returns within minutes goes back to its incident', () => {
    const past = new Map([['offline:1', { incidentId: 5, resolvedAtMs: NOW - 299_000, opensLastHour: 1 }]]);
    const incidents = [incident({ resolved: true, notifiedAtMs: NOW - 3_000_000 })];
    const { alerts, reopened, newIncidents } = play(board({ past, incidents }), offline(1));
    expect(alerts[0]?.incident).toEqual({ id: 5 });
    expect(reopened).toEqual([5]);
    expect(newIncidents).toEqual([]);
  });

  test('one that returned often has longer', () => {
    const late = { incidentId: 5, resolvedAtMs: NOW - 1_500_000 };
    const seldom = new Map([['offline:1', { ...late, opensLastHour: 1 }]]);
    const often = new Map([['offline:1', { ...late, opensLastHour: 3 }]]);
    expect(play(board({ past: seldom }), offline(1)).newIncidents).toHaveLength(1);
    expect(play(board({ past: often, incidents: [incident()] }), offline(1)).newIncidents).toHaveLength(0);
  });

  test('within one batch: off, on, off again is one incident with two alerts', () => {
    const { alerts, newIncidents } = play(board(), offline(1), online(1), offline(1));
    expect(alerts.map((a) => a.resolvedAtMs)).toEqual([NOW, null]);
    expect(newIncidents).toHaveLength(1);
    expect(alerts[1]?.incident).toEqual({ groupKey: 'device_offline:7' });
  });

  test('a former incident nobody was told of yields to the one that gathers now', () => {
    const past = new Map([['offline:1', { incidentId: 4, resolvedAtMs: NOW - 1000, opensLastHour: 1 }]]);
    const incidents = [incident({ id: 6 }), incident({ id: 4, resolved: true })];
    const { alerts, reopened } = play(board({ past, incidents }), offline(1));
    expect(alerts[0]?.incident).toEqual({ id: 6 });
    expect(reopened).toEqual([]);
  });
});

describe('moves', () => {
  test('leaving service ends the alerts of a device', () => {
    const open = new Map([
      ['fault:1:printer', { dedupKey: 'fault:1:printer', deviceKey: 1, incidentId: 5 }],
      ['fault:2:printer', { dedupKey: 'fault:2:printer', deviceKey: 2, incidentId: 5 }],
    ]);
    const devices = [device(1, { watched: false }), device(2)];
    const { resolved } = play(board({ devices, open }), { kind: 'moved', deviceKey: 1, atMs: NOW });
    expect([...resolved.keys()]).toEqual(['fault:1:printer']);
  });

  test('a device that enters service with a fault says so', () => {
    const devices = [device(1, { faults: [{ component: 'screen', reason: 'no_answer', sinceMs: NOW - 9_000 }] })];
    const { alerts } = play(board({ devices }), { kind: 'moved', deviceKey: 1, atMs: NOW });
    expect(alerts).toMatchObject([{ dedupKey: 'fault:1:screen', openedAtMs: NOW - 9_000 }]);
  });
});

describe('outages of the platform', () => {
  const journal = [
    { from: 0, to: NOW - 200_000 },
    { from: NOW - 5_000, to: NOW },
  ];

  test('put the silence off, and a return forgets it', () => {
    const { alerts, deferred } = play(board({ journal }), offline(1));
    expect(alerts).toEqual([]);
    expect(deferred).toMatchObject([{ dedupKey: 'offline:1', openedAtMs: NOW - 1000 }]);
    expect(play(board({ deferred: new Set(['offline:1']) }), online(1)).forgotten).toEqual(['offline:1']);
  });

  test('a silence that outlasts the grace counts', () => {
    expect(decide(board({ journal }), [offline(1)], DEFAULT_POLICY, true).alerts).toHaveLength(1);
  });
});
