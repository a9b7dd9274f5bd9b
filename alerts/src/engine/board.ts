import type { Interval } from '@uptally/fleet-api/platform';
import type { Fact } from './events.ts';
import { deferUntil } from './platform.ts';
import type { Policy } from './policy.ts';

/** What rules must know of a device. */
export interface DeviceFacts {
  readonly deviceKey: number;
  /** In service, not revoked: its silence and its faults concern somebody. */
  readonly watched: boolean;
  readonly stationId: number | null;
  readonly countyId: number | null;
  /** Components whose fault matters; empty: all. */
  readonly required: readonly string[];
  readonly livenessMs: number;
  /** Components in fault now. */
  readonly faults: readonly { readonly component: string; readonly reason: string | null; readonly sinceMs: number }[];
}

export interface OpenAlert {
  readonly dedupKey: string;
  readonly deviceKey: number;
  readonly incidentId: number | null;
}

/** The latest end of an alert, for flap damping. */
export interface PastAlert {
  readonly incidentId: number | null;
  readonly resolvedAtMs: number;
  /** Times that it opened within the last hour. */
  readonly opensLastHour: number;
}

export interface GroupIncident {
  readonly id: number;
  readonly groupKey: string;
  /** Null while it waits for its group. */
  readonly notifiedAtMs: number | null;
  readonly resolved: boolean;
}

/** Everything that a decision rests on, as read in the transaction that will carry it out. */
export interface Board {
  readonly nowMs: number;
  readonly devices: ReadonlyMap<number, DeviceFacts>;
  readonly open: ReadonlyMap<string, OpenAlert>;
  readonly past: ReadonlyMap<string, PastAlert>;
  /** Incidents that alerts may join, newest first: unresolved of the groups concerned, and those of `past`. */
  readonly incidents: readonly GroupIncident[];
  readonly deferred: ReadonlySet<string>;
  readonly journal: readonly Interval[];
}

/** An incident that exists, or one to be made for a group. */
export type IncidentRef = { readonly id: number } | { readonly groupKey: string };

export interface NewAlert {
  readonly dedupKey: string;
  readonly rule: Rule;
  readonly deviceKey: number;
  readonly stationId: number | null;
  readonly countyId: number | null;
  readonly component: string | null;
  readonly reason: string | null;
  readonly openedAtMs: number;
  readonly incident: IncidentRef;
  /** Set if it ended within the same batch of facts. */
  resolvedAtMs: number | null;
}

export interface NewIncident {
  readonly groupKey: string;
  readonly rule: Rule;
  readonly countyId: number | null;
  readonly waitMs: number;
}

export interface Decision {
  readonly alerts: readonly NewAlert[];
  /** Open alerts that end: dedup key -> Unix ms. */
  readonly resolved: ReadonlyMap<string, number>;
  readonly newIncidents: readonly NewIncident[];
  /** Resolved incidents that an alert came back to. */
  readonly reopened: readonly number[];
  readonly deferred: readonly { dedupKey: string; deviceKey: number; openedAtMs: number; dueAtMs: number }[];
  readonly forgotten: readonly string[];
}

export type Rule = 'device_offline' | 'component_fault';

export const FLEET_GROUP = 'device_offline:fleet';

/** One open alert at most per key. */
export function dedupKeyOf(deviceKey: number, component: string | null): string {
  return component === null ? `offline:${deviceKey}` : `fault:${deviceKey}:${component}`;
}

/** Alerts of one key become one incident: silence by county, faults by county and kind. */
export function groupKeyOf(fact: Fact, countyId: number | null): string {
  const county = countyId ?? 'none';
  return fact.kind === 'fault'
    ? `component_fault:${county}:${fact.component}:${fact.reason ?? ''}`
    : `device_offline:${county}`;
}

/** Plays facts against the board, in order, and says what to write. Pure; `final` marks silences that were put off and are due. */
export function decide(board: Board, facts: readonly Fact[], policy: Policy, final = false): Decision {
  const play = new Play(board, policy, final);
  for (const fact of facts) play.take(fact);
  return play.decision;
}

class Play {
  readonly #board: Board;
  readonly #policy: Policy;
  readonly #final: boolean;
  readonly #alerts: NewAlert[] = [];
  readonly #openNew = new Map<string, NewAlert>();
  readonly #ended = new Map<string, { incident: IncidentRef; atMs: number }>();
  readonly #resolved = new Map<string, number>();
  readonly #newIncidents = new Map<string, NewIncident>();
  readonly #reopened = new Set<number>();
  readonly #deferred = new Map<string, { dedupKey: string; deviceKey: number; openedAtMs: number; dueAtMs: number }>();
  readonly #forgotten = new Set<string>();

  constructor(board: Board, policy: Policy, final: boolean) {
    this.#board = board;
    this.#policy = policy;
    this.#final = final;
  }

  get decision(): Decision {
    return {
      alerts: this.#alerts,
      resolved: this.#resolved,
      newIncidents: [...this.#newIncidents.values()],
      reopened: [...this.#reopened],
      deferred: [...this.#deferred.values()],
      forgotten: [...this.#forgotten],
    };
  }

  take(fact: Fact): void {
    const device = this.#board.devices.get(fact.deviceKey);
    if (device === undefined) return;
    switch (fact.kind) {
      case 'offline':
        this.#offline(fact, device);
        break;
      case 'online':
        this.#end(dedupKeyOf(fact.deviceKey, null), fact.atMs);
        break;
      case 'fault':
        if (device.watched && isRequired(device, fact.component)) {
          this.#begin(fact, device, fact.component, fact.reason);
        }
        break;
      case 'ok':
        this.#end(dedupKeyOf(fact.deviceKey, fact.component), fact.atMs);
        break;
      case 'moved':
        this.#moved(device, fact.atMs);
        break;
    }
  }

  #offline(fact: Fact & { kind: 'offline' }, device: DeviceFacts): void {
    if (fact.clean || !device.watched) return;
    const { platformSlackMs: slackMs, platformGraceMs: graceMs } = this.#policy;
    const { journal, nowMs } = this.#board;
    const dueAtMs = this.#final ? null : deferUntil(journal, fact.atMs, nowMs, device.livenessMs, { slackMs, graceMs });
    if (dueAtMs === null) {
      this.#begin(fact, device, null, null);
      return;
    }
    const dedupKey = dedupKeyOf(device.deviceKey, null);
    this.#forgotten.delete(dedupKey);
    this.#deferred.set(dedupKey, { dedupKey, deviceKey: device.deviceKey, openedAtMs: fact.atMs, dueAtMs });
  }

  #begin(fact: Fact, device: DeviceFacts, component: string | null, reason: string | null): void {
    const dedupKey = dedupKeyOf(device.deviceKey, component);
    if (this.#isOpen(dedupKey)) return;
    const groupKey = groupKeyOf(fact, device.countyId);
    const rule: Rule = component === null ? 'device_offline' : 'component_fault';
    const alert: NewAlert = {
      dedupKey,
      rule,
      deviceKey: device.deviceKey,
      stationId: device.stationId,
      countyId: device.countyId,
      component,
      reason,
      openedAtMs: fact.atMs,
      incident: this.#incidentFor(dedupKey, groupKey, rule, device.countyId),
      resolvedAtMs: null,
    };
    this.#alerts.push(alert);
    this.#openNew.set(dedupKey, alert);
  }

  #isOpen(dedupKey: string): boolean {
    return this.#openNew.has(dedupKey) || (this.#board.open.has(dedupKey) && !this.#resolved.has(dedupKey));
  }

  /** Where an alert belongs: its former incident if it flaps, else one of its group that still gathers, else a new one. */
  #incidentFor(dedupKey: string, groupKey: string, rule: Rule, countyId: number | null): IncidentRef {
    const former = this.#formerIncident(dedupKey);
    const gathering = this.#gathering(rule, groupKey);
    if (former !== null && !('id' in former)) return former;
    if (former !== null) {
      const incident = this.#board.incidents.find((candidate) => candidate.id === former.id);
      // A former incident nobody was told of yet must not wait beside another one of its group.
      if (incident?.resolved === true && incident.notifiedAtMs === null && gathering !== null) return gathering;
      if (incident?.resolved === true) this.#reopened.add(former.id);
      return former;
    }
    if (gathering !== null) return gathering;
    const waitMs = rule === 'device_offline' ? this.#policy.offlineWaitMs : this.#policy.faultWaitMs;
    this.#newIncidents.set(groupKey, { groupKey, rule, countyId, waitMs });
    return { groupKey };
  }

  #formerIncident(dedupKey: string): IncidentRef | null {
    const { nowMs, past } = this.#board;
    const now = this.#ended.get(dedupKey);
    if (now !== undefined) return now.incident;
    const before = past.get(dedupKey);
    if (before === undefined || before.incidentId === null) return null;
    const { flapMs, flappingMs, flappingOpens } = this.#policy;
    const windowMs = before.opensLastHour >= flappingOpens ? flappingMs : flapMs;
    return nowMs - before.resolvedAtMs <= windowMs ? { id: before.incidentId } : null;
  }

  #gathering(rule: Rule, groupKey: string): IncidentRef | null {
    const keys = rule === 'device_offline' ? [FLEET_GROUP, groupKey] : [groupKey];
    for (const key of keys) {
      const incident = this.#board.incidents.find(
        (candidate) => candidate.groupKey === key && this.#gathers(candidate),
      );
      if (incident !== undefined) return { id: incident.id };
    }
    return this.#newIncidents.has(groupKey) ? { groupKey } : null;
  }

  #gathers({ id, resolved, notifiedAtMs }: GroupIncident): boolean {
    if (resolved && !this.#reopened.has(id)) return false;
    return notifiedAtMs === null || this.#board.nowMs - notifiedAtMs <= this.#policy.groupIntervalMs;
  }

  #end(dedupKey: string, atMs: number): void {
    if (this.#board.deferred.has(dedupKey)) this.#forgotten.add(dedupKey);
    this.#deferred.delete(dedupKey);
    const fresh = this.#openNew.get(dedupKey);
    const open = this.#board.open.get(dedupKey);
    if (fresh !== undefined) {
      fresh.resolvedAtMs = Math.max(atMs, fresh.openedAtMs);
      this.#openNew.delete(dedupKey);
      this.#ended.set(dedupKey, { incident: fresh.incident, atMs });
    } else if (open !== undefined && !this.#resolved.has(dedupKey)) {
      this.#resolved.set(dedupKey, atMs);
      if (open.incidentId !== null) this.#ended.set(dedupKey, { incident: { id: open.incidentId }, atMs });
    }
  }

  /**
   * A device that left service takes its alerts along: its successor speaks for itself. One that entered service with a fault
   * says so only now that it matters.
   */
  #moved(device: DeviceFacts, atMs: number): void {
    const { deviceKey } = device;
    if (device.watched) {
      for (const { component, reason, sinceMs } of device.faults) {
        this.take({ kind: 'fault', deviceKey, component, reason, atMs: sinceMs });
      }
      return;
    }
    const open = [...this.#board.open.values(), ...this.#openNew.values()].filter((a) => a.deviceKey === deviceKey);
    for (const alert of open) this.#end(alert.dedupKey, atMs);
    this.#end(dedupKeyOf(deviceKey, null), atMs);
  }
}

function isRequired(device: DeviceFacts, component: string): boolean {
  return device.required.length === 0 || device.required.includes(component);
}
