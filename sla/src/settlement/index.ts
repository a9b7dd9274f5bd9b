export { type DutyTerms, repairDuties, severitiesOf, severityTitles } from './duties.ts';
export { EvaluationError, type EvaluationInput, evaluate } from './evaluate/evaluate.ts';
export type { AppliedInterpretation, Digits, LineInput, Statement, StatementLine } from './evaluate/statement.ts';
export { isLack, type Lack, type MetricValue, MetricValueError, readMetric } from './evaluate/values.ts';
export { STEP_CODES, type Step as StatementStep, type StepCode } from './evaluate/words.ts';
export type { Quantity, Whole } from './exact.ts';
export type { Clause, ClauseOf, Form as ClauseForm } from './language/clauses.ts';
export { type Contract, Contract as ContractSchema, type Instalment, type SubPeriod } from './language/contract.ts';
export { type Duty, type Metric, type MetricKind, measureOf } from './language/metrics.ts';
export type { Interpretation, Text as BilingualText, Tier } from './language/parts.ts';
export { capitalRmb, formatFen, MAX_FEN } from './money.ts';
export { partOfPrice, partsOf } from './parts.ts';
export { type InstalmentPeriod, instalmentPeriods } from './periods.ts';
export { PRESETS, type PresetName } from './presets/index.ts';
export {
  compareStatements,
  type LineDifference,
  type OtherReading,
  otherReadings,
  type StatementDifference,
} from './readings.ts';
export { clausesUsedBy, metricsUsedBy } from './references.ts';
export { type MetricRisk, type MoneyAtRisk, moneyAtRisk, type PeriodProgress, type RiskInput } from './risk.ts';
export { ContractError, checkContract, FLAW_CODES, type Flaw, type FlawCode, parseContract } from './validate/index.ts';
export { RULES_VERSION } from './version.ts';
