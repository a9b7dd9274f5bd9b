/** The closed vocabularies of wire protocol v1. Order is the display order. */

export const RECORD_KINDS = ['beat', 'health', 'sim', 'net', 'event', 'result', 'log'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/**
 * Hardware and software parts whose health is reported (R-HN-2, R-DG-3, R-DG-5).
 * `program` is the terminal's own business program; `storage` covers space and a real read/write probe.
 */
export const COMPONENTS = [
  'program', 'printer', 'card_reader', 'id_reader', 'scanner', 'screen',
  'cpu', 'memory', 'storage', 'temperature', 'ports', 'modem', 'power', 'door',
] as const; // biome-ignore format: three lines read better than fourteen
export type Component = (typeof COMPONENTS)[number];

/** `absent`: the device has no such part; never a fault. `unknown`: it should have one but the probe can't tell. */
export const COMPONENT_STATES = ['ok', 'warn', 'fault', 'absent', 'unknown'] as const;
export type ComponentState = (typeof COMPONENT_STATES)[number];

/** Why a component is not `ok`. Unknown reasons are stored and shown as they are. */
export const REASONS = [
  'paper_out', 'paper_low', 'cover_open', 'head_hot', 'cutter_error', 'printer_error', 'no_answer', 'disconnected',
  'space_low', 'write_failed', 'read_failed', 'slow', 'overloaded', 'too_hot', 'too_cold', 'link_down',
  'no_sim', 'no_signal', 'not_registered', 'not_running', 'paused', 'open', 'on_battery', 'permission',
] as const; // biome-ignore format: as above
export type Reason = (typeof REASONS)[number];

/** Numeric readings of a `health` record; the unit is in the name. */
export const METRICS = [
  'cpu_pct', 'load1', 'mem_used_pct', 'mem_total_mb', 'disk_used_pct', 'disk_total_mb', 'disk_write_ms', 'disk_read_ms',
  'temp_c', 'uptime_s', 'agent_rss_mb', 'spool_bytes', 'battery_pct',
] as const; // biome-ignore format: as above
export type Metric = (typeof METRICS)[number];

export const SEVERITIES = ['info', 'warn', 'error'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Codes of `event` records that the platform knows. Others are stored and shown as they are. */
export const EVENT_CODES = [
  'boot', 'agent_start', 'agent_stop', 'inventory', 'clock_jump', 'spool_dropped', 'spool_repaired',
  'door_open', 'door_closed', 'power_lost', 'power_back', 'sim_changed', 'config_applied', 'config_rejected', 'connect_failed',
] as const; // biome-ignore format: as above
export type EventCode = (typeof EVENT_CODES)[number];

/** What a device can be told to do. */
export const COMMAND_OPS = [
  'selfcheck',
  'pause_service',
  'resume_service',
  'restart_program',
  'restart_terminal',
] as const;
export type CommandOp = (typeof COMMAND_OPS)[number];

/** What a device says of a command. `accepted`, `running` come on `ack`; the final three as durable `result` records. */
export const COMMAND_PROGRESS = ['accepted', 'running'] as const;
export const COMMAND_OUTCOMES = ['succeeded', 'failed', 'expired'] as const;
export type CommandProgress = (typeof COMMAND_PROGRESS)[number];
export type CommandOutcome = (typeof COMMAND_OUTCOMES)[number];
