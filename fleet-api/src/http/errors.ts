/**
 * The error catalogue: every code that the API can answer with, its status and title. docs/errors.md lists the same codes (a
 * test holds them together). Codes are stable; titles and details are for people and may change.
 */
export const ERRORS = {
  // requests
  invalid_request: { status: 400, title: 'The request does not have the expected form' },
  invalid_cursor: { status: 400, title: 'The cursor does not belong to this list' },
  invalid_text: { status: 400, title: 'A text contains characters that cannot be stored' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  invalid_credentials: { status: 401, title: 'Login, password or code is wrong' },
  totp_required: { status: 401, title: 'A code of the second factor is needed' },
  forbidden: { status: 403, title: 'Your role does not allow this' },
  password_change_required: { status: 403, title: 'Set a password of your own first' },
  bad_origin: { status: 403, title: 'The request comes from a foreign page' },
  not_found: { status: 404, title: 'Not found' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  conflict: { status: 409, title: 'The request conflicts with the present state' },
  already_exists: { status: 409, title: 'Something with this key exists already' },
  still_referenced: { status: 409, title: 'Something else still refers to this' },
  request_in_progress: { status: 409, title: 'A request with this Idempotency-Key has no known outcome yet' },
  secret_already_shown: { status: 409, title: 'Done before; its secret is shown only once' },
  version_conflict: { status: 412, title: 'Someone else changed this in between; read it again' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'The content type is not supported here' },
  unknown_reference: { status: 422, title: 'The request refers to something that does not exist' },
  idempotency_mismatch: { status: 422, title: 'This Idempotency-Key was used for a different request' },
  account_locked: { status: 423, title: 'Locked after too many failed attempts' },
  too_many_requests: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  database_unavailable: { status: 503, title: 'The database does not answer' },
  overloaded: { status: 503, title: 'The server is too busy' },
  query_timeout: { status: 503, title: 'The query took too long' },
  // people
  weak_password: { status: 422, title: 'The password is too weak' },
  last_admin: { status: 409, title: 'The last active administrator must stay' },
  totp_not_pending: { status: 409, title: 'No second factor waits for confirmation' },
  setup_finished: { status: 409, title: 'The first-run set-up is finished' },
  out_of_scope: { status: 403, title: 'Outside of your regions or organisation' },
  // enrolment
  enrolment_refused: { status: 403, title: 'The enrolment token is wrong, used up, expired or revoked' },
  device_retired: { status: 409, title: 'The device is retired' },
  not_enrolled: { status: 409, title: 'The device is not enrolled' },
  // registry
  station_occupied: { status: 409, title: 'A device is installed at the station already' },
  station_empty: { status: 409, title: 'No device is installed at the station' },
  device_installed: { status: 409, title: 'The device is installed at a station already' },
  installation_overlap: { status: 409, title: 'The installation would overlap another one' },
  import_invalid: { status: 422, title: 'The file has faulty rows; nothing was imported' },
  // exclusions, suspensions, closed periods
  exclusion_not_a_party: { status: 403, title: 'Your organisation is not a party of this contract' },
  exclusion_not_proposer: { status: 403, title: 'Only the organisation that proposed the exclusion may do this' },
  exclusion_own_side: { status: 403, title: 'The other side of the contract has to decide this' },
  commissioning_by_agency: {
    status: 403,
    title: 'Only the agency or the operator of the platform changes when a station is in service',
  },
  suspension_by_agency: { status: 403, title: 'Only the agency or the operator of the platform suspends a station' },
  exclusion_decided: { status: 409, title: 'The exclusion has been decided or withdrawn already' },
  period_closed: { status: 409, title: 'A closed period stands in the way: its figures are frozen' },
  suspension_overlap: { status: 409, title: 'The suspension would overlap another one' },
  too_many_files: { status: 409, title: 'The exclusion has as many files as it can have' },
  file_too_large: { status: 413, title: 'The file is too large' },
  file_type: { status: 415, title: 'The file is of none of the kinds that are taken' },
  exclusion_ends_before_start: { status: 422, title: 'The exclusion ends before it starts' },
  exclusion_not_planned: { status: 422, title: 'Planned maintenance is to be proposed before it starts' },
  exclusion_outside_contract: { status: 422, title: 'The exclusion lies outside of the contract' },
  kind_not_allowed: { status: 422, title: 'The contract knows no exclusions of this kind' },
  // availability
  invalid_period: { status: 400, title: 'This is no period' },
  range_too_long: { status: 400, title: 'The period is too long for one answer' },
  baseline_fixed: { status: 409, title: 'This part of the baseline can not be changed' },
  period_not_over: { status: 409, title: 'The period, or the time that late evidence is given, is not over' },
  period_incomplete: { status: 409, title: 'Figures of the period are still being computed' },
  // contracts as data, statements
  settlement_not_a_party: { status: 403, title: 'Only the parties of the contract may do this' },
  settlement_own_side: { status: 403, title: 'The other side of the contract has to do this' },
  settlement_state: { status: 409, title: 'This is not possible in the present state' },
  no_agreed_document: { status: 409, title: 'The contract has no document that both sides have agreed on' },
  statement_incomplete: { status: 409, title: 'The statement lacks values' },
  statement_changed: { status: 409, title: 'What was looked at is not what the statement says now' },
  contract_flawed: { status: 422, title: 'The contract document has faults' },
  // faults
  unknown_severity: { status: 422, title: 'The contract does not know this severity' },
  severity_own_side: { status: 403, title: 'The other side of the contract has to decide about this severity' },
  severity_pending: { status: 409, title: 'A proposed severity waits for the other side' },
  severity_decided: { status: 409, title: 'No proposed severity waits for a decision' },
  fault_over: { status: 409, title: 'The fault is over' },
  not_mergeable: { status: 409, title: 'These faults can not be merged' },
  not_merged: { status: 409, title: 'The fault is not merged into another one' },
  not_splittable: { status: 409, title: 'The order can not be split like this' },
  // inspections
  inspection_not_a_party: { status: 403, title: 'Your organisation does not do this for the contract' },
  inspection_own_side: { status: 403, title: 'The other side of the contract has to decide this' },
  inspection_done: { status: 409, title: 'The inspection has been carried out already' },
  inspection_cancelled: { status: 409, title: 'Both sides took the inspection off' },
  inspection_not_asked: { status: 409, title: 'No request to take the inspection off waits for a decision' },
  inspection_plan_in_use: { status: 409, title: 'The plan is older than a day, or its tasks have been begun' },
  inspection_incomplete: { status: 422, title: 'Required items of the checklist are not answered' },
  inspection_not_faulty: { status: 422, title: 'The item was not found faulty' },
  inspection_time: { status: 422, title: 'The inspection can not have been carried out at this time' },
  // reports
  report_not_contractor: { status: 403, title: 'Only the contractor of the contract may do this' },
  report_released: { status: 409, title: 'The report has been released: make a new edition' },
  report_not_ready: { status: 409, title: 'The figures of the report are still being collected' },
  period_not_begun: { status: 422, title: 'The period has not begun' },
  // commands
  too_many_devices: { status: 422, title: 'The selection is too large' },
  confirmation_mismatch: { status: 409, title: 'The confirmed number is not that of the selection' },
  empty_selection: { status: 422, title: 'The selection contains no device' },
  // work orders
  order_not_yours: { status: 403, title: 'Another contractor has this work order' },
  order_by_agency: { status: 403, title: 'The agency has to do this: it takes a fault out of the figures' },
  pause_own_side: { status: 403, title: 'The other side of the contract has to decide this' },
  confirmation_link: { status: 404, title: 'The link is wrong, used up or expired' },
  order_state: { status: 409, title: 'The work order is not in a state that allows this' },
  order_not_repaired: { status: 409, title: 'The fault is not repaired yet' },
  already_confirmed: { status: 409, title: 'It has been confirmed already' },
  pause_decided: { status: 409, title: 'The pause has been decided or has ended already' },
  severity_in_use: { status: 409, title: 'Open faults have a severity that the new terms lack' },
  order_incomplete: { status: 422, title: 'Closing needs cause, analysis and advice' },
  step_time: { status: 422, title: 'The step can not have happened at this time' },
  pause_span: { status: 422, title: 'The pause does not fit the fault' },
  pause_after_due: { status: 422, title: 'The pause begins after the limit has passed' },
  repair_terms_invalid: { status: 422, title: 'The repair terms have faults' },
  // spares, repair centre, parts
  spare_of_other_contractor: { status: 403, title: 'The device belongs to another contractor' },
  wipe_missing: { status: 409, title: 'The device is not known to be wiped' },
  not_in_stock: { status: 409, title: 'The device is not in stock' },
  spare_incompatible: { status: 409, title: 'The model may not stand in for the other' },
  spare_elsewhere: { status: 409, title: 'The spare is kept in another store' },
  order_not_here: { status: 409, title: 'The work order is not open, or not about this station' },
  repair_open: { status: 409, title: 'The device is with the repair centre' },
  repair_state: { status: 409, title: 'The repair is not in a state that allows this' },
  part_short: { status: 409, title: 'There are not enough of the part' },
  // documents owed, complaints, ratings, ledger
  duty_other_side: { status: 403, title: 'The other side of the contract does this' },
  duty_own_side: { status: 403, title: 'What your own side said or asked for, the other side decides' },
  duty_decided: { status: 409, title: 'The duty is not in a state that allows this' },
  document_decided: { status: 409, title: 'The document is not in a state that allows this' },
  complaint_said: { status: 409, title: 'Your side has given its word; it can only take over that of the other side' },
  complaint_decided: { status: 409, title: 'The complaint is decided, or not in a state that allows this' },
  rating_state: { status: 409, title: 'The rating sheet is agreed and frozen, or waits for the other side' },
  ledger_state: { status: 409, title: 'The line of the ledger is not in a state that allows this' },
  duty_days: { status: 422, title: 'These days do not fit together or into the contract' },
  document_empty: { status: 422, title: 'Hand in at least a file or a report' },
  rating_items: { status: 422, title: "The scores are not those of the contract's items" },
  rating_month: { status: 422, title: 'A month is rated once it is over, within the term of the contract' },
  too_many_lines: { status: 422, title: 'Too many lines at once' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** A fault of one field: `path` is a JSON pointer into body, query or params, e.g. `/body/region_id`. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
}

export interface ApiErrorOptions extends ErrorOptions {
  /** What happened this time, in a sentence; never carries secrets. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that the client is told about; thrown by routes and services, rendered by the error handler. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly statusCode: number;
  readonly options: ApiErrorOptions;

  constructor(code: ErrorCode, options: ApiErrorOptions = {}) {
    super(options.detail ?? ERRORS[code].title, options);
    this.name = 'ApiError';
    this.code = code;
    this.statusCode = ERRORS[code].status;
    this.options = options;
  }
}

/** `throw apiError('not_found', 'No such station')`. */
export function apiError(code: ErrorCode, detail?: string | ApiErrorOptions): ApiError {
  return new ApiError(code, typeof detail === 'string' ? { detail } : detail);
}

/** RFC 9457 problem document. `code` is ours; `type` is its URN. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly FieldError[];
}

/** Renders a catalogue entry. `instance` is the request id, to be found in the log. */
export function problemOf(code: ErrorCode, options: ApiErrorOptions = {}, instance?: string): Problem {
  const { status, title } = ERRORS[code];
  return {
    type: `urn:uptally:error:${code}`,
    title,
    status,
    code,
    ...(options.detail === undefined ? {} : { detail: options.detail }),
    ...(instance === undefined ? {} : { instance: `urn:uptally:request:${instance}` }),
    ...(options.errors === undefined ? {} : { errors: options.errors }),
  };
}
