import { REPAIR_STAGES } from '@uptally/sla';
import { type Static, Type } from 'typebox';
import { Body, Id, Instant, nullable, oneOf } from '../http/schemas.ts';

/** Targets as the core reads them; it checks them and names what is wrong, so that this only says that there are some. */
const Targets = Type.Unsafe<Record<string, unknown>>({
  type: 'object',
  additionalProperties: true,
  description:
    'calendars (name -> {kind: always | weekly, hours, holidays}), severities in order from ordinary to grave (name -> stage -> ' +
    '{calendar, limitMs or limitWorkingDays, after}), warnAtPercent',
});
const Rule = Type.Object(
  { stages: Type.Array(oneOf(REPAIR_STAGES), { minItems: 1, maxItems: 4 }), need: oneOf(['all', 'any']) },
  { additionalProperties: false },
);
const Timeliness = Type.Record(Type.String({ maxLength: 40 }), Rule, {
  description: 'What counts as in time, by severity; left out: repaired within the limit',
});

export const SeverityNameList = Type.Object({
  items: Type.Array(
    Type.Object({
      contract_id: Id,
      severity: Type.String(),
      name: Type.Object({ zh: Type.String(), en: Type.String() }),
    }),
  ),
});

export const RepairTermsView = Type.Object({
  id: nullable(Id),
  contract_id: Id,
  targets: Targets,
  timeliness: Timeliness,
  source: oneOf(['default', 'manual', 'contract']),
  created_by: nullable(Type.Object({ id: Id, name: Type.String() })),
  created_at: nullable(Instant),
  open_faults: Type.Array(Type.Object({ severity: Type.String(), count: Type.Integer() }), {
    description: 'Open faults of the contract by severity: new terms have to name these',
  }),
});
export type RepairTermsView = Static<typeof RepairTermsView>;
export const RepairTermsBody = Body({ targets: Targets, timeliness: Type.Optional(Timeliness) });
export type RepairTermsBody = Static<typeof RepairTermsBody>;
