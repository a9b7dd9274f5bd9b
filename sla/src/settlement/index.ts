export { EvaluationError, type EvaluationInput, evaluate } from './evaluate/evaluate.ts';
export type { AppliedInterpretation, Digits, LineInput, Statement, StatementLine } from './evaluate/statement.ts';
export { type Lack, type MetricValue, MetricValueError } from './evaluate/values.ts';
export { STEP_CODES, type Step, type StepCode } from './evaluate/words.ts';
export type { Quantity, Whole } from './exact.ts';
export * from './language/index.ts';
export { capitalRmb, formatFen, MAX_FEN } from './money.ts';
export { partOfPrice, partsOf } from './parts.ts';
export { PRESETS, type PresetName } from './presets/index.ts';
export {
  compareStatements,
  type Difference,
  type LineDifference,
  type OtherReading,
  otherReadings,
} from './readings.ts';
export { type MetricRisk, type MoneyAtRisk, moneyAtRisk, type Progress, type RiskInput } from './risk.ts';
export {
  ContractError,
  checkContract,
  FAULT_CODES,
  type Fault,
  type FaultCode,
  parseContract,
} from './validate/index.ts';
