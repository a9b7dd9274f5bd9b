export * from './availability/aggregate.ts';
export * from './availability/budget.ts';
export { equipmentTimeline } from './availability/equipment.ts';
export { networkTimeline } from './availability/network.ts';
export { type RequiredInput, requiredTime } from './availability/required.ts';
export { runsOfBeats } from './availability/runs.ts';
export { clipTimeline, stationTimeline } from './availability/station.ts';
export * from './availability/tally.ts';
export * from './availability/types.ts';
export { addDays, type Day, dayBounds, dayOf, daysOf, weekday } from './calendar/days.ts';
export * from './calendar/periods.ts';
export * from './calendar/service.ts';
export * from './intervals.ts';
export * from './rates.ts';
export type { RawDevice } from './recount/device.ts';
export { recountHours } from './recount/hours.ts';
export { type Recount, type RecountInput, recount, recountEach } from './recount/recount.ts';
export { repairClocks, type TermsOf } from './repair/clocks.ts';
export * from './repair/due.ts';
export * from './repair/flapping.ts';
export { type CaseLog, caseLog, withEvent } from './repair/log.ts';
export * from './repair/recurrence.ts';
export * from './repair/targets.ts';
export {
  REPAIRED_IN_TIME,
  type RepairVerdict,
  rateOfCounts,
  type Timeliness,
  type TimelinessRule,
  timeliness,
  verdictOf,
} from './repair/timeliness.ts';
export * from './repair/types.ts';
export { type WorkTime, workTime } from './repair/work-time.ts';
export * from './settlement/index.ts';
