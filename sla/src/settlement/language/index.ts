export type { Clause, ClauseOf, Form, Item } from './clauses.ts';
export { type Contract, Contract as ContractSchema, type Instalment, type SubPeriod } from './contract.ts';
export { type Duty, type Measure, type Metric, type MetricKind, measureOf } from './metrics.ts';
export type { Band, Grade, Interpretation, Of, Subject, Text, Tier } from './parts.ts';
