import type { MoneyAtRisk as Risk } from '@uptally/sla';
import { type Static, Type } from 'typebox';
import { Body, Id, Instant, NullableString, nullable, oneOf, Query } from '../../http/schemas.ts';
import { Day, DifferenceJson, Name, StatementJson, ToDay, ValueJson } from '../schemas.ts';

export const RISK_MISSING = ['other_metrics', 'mean_of_stations', 'no_counted_time', 'base_unknown'] as const;
const Bilingual = Type.Object({ zh: Type.String(), en: Type.String() });
const Down = {
  down_ms: Type.Integer({ description: 'Counted downtime of the clause’s dimensions together' }),
  network_ms: Type.Integer(),
  equipment_ms: Type.Integer(),
  percent: Type.String({ description: 'Of all downtime of the clause, two places, truncated' }),
};

export const RiskItem = Type.Object({
  contract: Type.Object({ id: Id, code: Type.String(), name: Type.String() }),
  instalment: Type.Object({ id: Type.String(), title: Bilingual }),
  sub_period: NullableString,
  clause: Type.Object({ id: Type.String(), title: Bilingual, source: Type.String() }),
  from_day: Day,
  to_day: ToDay,
  as_of: nullable(Instant),
  risk: Type.Unsafe<Risk | null>({
    description: 'MoneyAtRisk of the core: tiers, budgets in ms, amounts in fen, forecast',
  }),
  risk_missing: Type.Unsafe<(typeof RISK_MISSING)[number] | null>({
    type: ['string', 'null'],
    enum: [...RISK_MISSING, null],
  }),
  metrics: Type.Array(
    Type.Object({
      metric: Type.String(),
      name: Bilingual,
      dimension: oneOf(['network', 'equipment']),
      percent: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'So far, truncated' }),
    }),
  ),
  spending: Type.Object({
    stations: Type.Array(
      Type.Object({
        id: Id,
        code: Type.String(),
        name: Type.String(),
        site: Type.String(),
        county: NullableString,
        ...Down,
      }),
    ),
    counties: Type.Array(Type.Object({ id: nullable(Id), name: NullableString, stations: Type.Integer(), ...Down })),
    causes: Type.Array(
      Type.Object({
        cause: Type.String(),
        faults: Type.Integer(),
        down_ms: Type.Integer({ description: 'Time of the period in which such faults were open, added up' }),
      }),
    ),
  }),
});
export type RiskItem = Static<typeof RiskItem>;

export const RiskList = Type.Object({ items: Type.Array(RiskItem) });
export const RiskQuery = Query({ contract: Type.Optional(Id) });

export const WhatIfBody = Body({
  instalment: Name,
  sub_period: Type.Optional(nullable(Name)),
  from_day: Type.Optional(Day),
  to_day: Type.Optional(ToDay),
  metrics: Type.Record(Name, ValueJson),
});
export type WhatIfBody = Static<typeof WhatIfBody>;
export const WhatIfResult = Type.Object({
  from_day: Day,
  to_day: ToDay,
  statement: StatementJson,
  now: StatementJson,
  difference: DifferenceJson,
  metrics: Type.Record(Type.String(), ValueJson),
});
