/**
 * Who may do what: the one table of rights. Region scope is the other half, see `scope.ts`.
 * A route names its action in `config.access`; nothing else decides about roles.
 */

export const ROLES = ['admin', 'manager', 'engineer', 'oncall', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

const EVERYBODY = ROLES;
const MANAGERS = ['admin', 'manager'] as const;

/** Action -> roles that hold it. */
export const PERMISSIONS = {
  /** Own sessions, password, second factor, API keys. */
  'self.manage': EVERYBODY,
  /** Regions, sites, stations, devices, SIM cards, models, overview, telemetry, events, exports. */
  'fleet.read': EVERYBODY,
  'registry.write': MANAGERS,
  'registry.import': MANAGERS,
  /** Regions and device models are shared by every organisation. */
  'catalogue.write': ['admin'],
  /** Revoke a device or rotate its secret. */
  'device.credentials': MANAGERS,
  'enrolment.read': MANAGERS,
  'enrolment.write': MANAGERS,
  /** Contracts, calendars, figures, timelines, explanations, exclusions, closings; as far as one's contracts reach. */
  'availability.read': EVERYBODY,
  'contract.write': ['admin'],
  'calendar.write': ['admin'],
  'period.close': ['admin', 'manager', 'auditor'],
  'evidence.export': ['admin', 'manager', 'auditor'],
  'report.make': ['admin', 'manager', 'auditor'],
  /** Administrators neither propose nor decide: what does not count is between the parties of a contract. */
  'exclusion.propose': ['manager', 'engineer', 'auditor'],
  'exclusion.decide': ['manager', 'auditor'],
  /** Faults, work orders and what hangs on them; as far as one's regions reach. */
  'repair.read': EVERYBODY,
  'fault.report': ['manager', 'engineer', 'oncall', 'auditor'],
  /** Steps, photos, parts, costs, closing: by the contractor that has the order. */
  'order.work': ['manager', 'engineer', 'oncall'],
  /** Confirm on behalf of a site. */
  'order.confirm': ['auditor'],
  /** Time that does not count on a repair clock; the other side than the proposer's. */
  'pause.decide': ['manager', 'auditor'],
  /** Assign, cancel, split, merge, change the severity. */
  'order.manage': ['manager'],
  'terms.write': ['admin'],
  'suspension.write': ['admin', 'manager', 'auditor'],
  /** Contract documents, statements, money at risk; as far as one's contracts reach. */
  'settlement.read': EVERYBODY,
  /** Which of the two sides may do it, the step itself decides; administrators are none. */
  'settlement.write': ['manager', 'auditor'],
  'settlement.sign': ['manager', 'auditor'],
  /** Spares, movements, repairs, wipe checks, parts. */
  'stock.read': EVERYBODY,
  'stock.write': ['admin', 'manager', 'engineer'],
  /** Minimum levels, stand-ins, the catalogue of parts, purchase and warranty. */
  'stock.plan': MANAGERS,
  /** Documents owed: what, and by when; whose duty it is, the step itself decides. Also the duty roster. */
  'duty.plan': ['manager', 'auditor'],
  'duty.submit': ['manager', 'engineer'],
  'duty.decide': ['manager', 'auditor'],
  'complaint.write': ['manager', 'auditor'],
  'rating.write': ['manager', 'auditor'],
  /** Lines of the maintenance ledger, for the customer. */
  'ledger.confirm': ['auditor'],
  'inspection.plan': ['manager'],
  'inspection.do': ['manager', 'engineer'],
  /** Ask that an inspection be not owed; the other side decides. */
  'inspection.cancel': ['manager', 'engineer', 'auditor'],
  'inspection.decide': ['manager', 'auditor'],
  'command.read': EVERYBODY,
  'command.send': ['admin', 'manager', 'engineer'],
  'alert.read': EVERYBODY,
  'alert.ack': ['admin', 'manager', 'engineer', 'oncall'],
  'oncall.read': EVERYBODY,
  'oncall.write': MANAGERS,
  'user.read': ['admin', 'manager', 'auditor'],
  'user.write': MANAGERS,
  'org.read': EVERYBODY,
  'org.write': ['admin'],
  'audit.read': ['admin', 'auditor'],
  'quarantine.read': ['admin', 'manager', 'engineer', 'auditor'],
  'platform.read': ['admin', 'manager', 'auditor'],
  'platform.write': ['admin'],
} as const satisfies Record<string, readonly Role[]>;

export type Action = keyof typeof PERMISSIONS;

/**
 * What a route demands: an action of the table; `session`: any signed-in person, also one who has yet to change the
 * password; `public`: nobody in particular.
 */
export type Access = Action | 'session' | 'public';

/** True if `role` holds `action`. */
export function isAllowed(role: Role, action: Action): boolean {
  return (PERMISSIONS[action] as readonly Role[]).includes(role);
}

/** Actions that `role` holds, for the console to shape itself by. */
export function actionsOf(role: Role): Action[] {
  return (Object.keys(PERMISSIONS) as Action[]).filter((action) => isAllowed(role, action));
}
