import { type Static, Type } from 'typebox';
import { Body, Code, component, Id, Instant, NullableString, nullable, oneOf, text } from '../../http/schemas.ts';
import { REGION_KINDS } from '../../registry/regions/schemas.ts';

export const EXCLUSION_KINDS = [
  'planned_maintenance',
  'site_power_cut',
  'site_closed',
  'force_majeure',
  'customer_request',
] as const;
export const UNKNOWN_AS = ['down', 'up', 'excluded'] as const;
export const AGGREGATIONS = ['time_weighted', 'mean_of_stations', 'daily_count'] as const;

/** A calendar day, `YYYY-MM-DD`, in the zone of the contract. */
export const dayText = (description?: string) =>
  Type.String({
    pattern: '^(19|20|21)\\d\\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$',
    ...(description === undefined ? {} : { description }),
  });
export const Day = dayText();
/** A percentage as it is written in a contract: `95`, `99.5`. */
export const Percent = Type.String({ pattern: '^(100(\\.0{1,6})?|\\d{1,2}(\\.\\d{1,6})?)$' });

const DimensionRules = {
  unknown: Type.Optional(oneOf(UNKNOWN_AS, 'How time counts in which nothing is known; down unless said otherwise')),
  platform: Type.Optional(oneOf(UNKNOWN_AS, "The same for outages of the platform itself; 'excluded' by default")),
  target_percent: Type.Optional(nullable(Percent)),
};

const optionalRules = {
  aggregation: Type.Optional(
    oneOf(AGGREGATIONS, 'How stations are summed up: by time, as the mean of their rates, or by intact station-days'),
  ),
  daily_max_down_ms: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 86_400_000, description: 'Downtime that an intact station-day may have, ms' }),
  ),
  exclusion_kinds: Type.Optional(Type.Array(oneOf(EXCLUSION_KINDS), { maxItems: 5, uniqueItems: true })),
  evidence_grace_days: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 60,
      description: 'Days after its end for which a period stays open for late evidence',
    }),
  ),
};

/** Rules as written in a request: what is left out takes its default. */
export const RulesInput = Body({
  network: Type.Optional(Body(DimensionRules)),
  equipment: Type.Optional(Body(DimensionRules)),
  ...optionalRules,
});

const CompleteDimension = Type.Object({
  unknown: oneOf(UNKNOWN_AS),
  platform: oneOf(UNKNOWN_AS),
  target_percent: NullableString,
});

/** Rules with every default filled in. */
export const Rules = Type.Object({
  network: CompleteDimension,
  equipment: CompleteDimension,
  aggregation: oneOf(AGGREGATIONS),
  daily_max_down_ms: Type.Integer(),
  exclusion_kinds: Type.Array(oneOf(EXCLUSION_KINDS)),
  evidence_grace_days: Type.Integer(),
});

const Hours = Type.Array(
  Body({
    from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    to: Type.String({ pattern: '^(([01]\\d|2[0-3]):[0-5]\\d|24:00)$' }),
  }),
  { maxItems: 12 },
);

/** Service hours, in local time of the contract. */
export const CalendarSchema = Type.Union([
  Body({ kind: Type.Literal('always') }),
  Body({
    kind: Type.Literal('weekly'),
    hours: Body({ mon: Hours, tue: Hours, wed: Hours, thu: Hours, fri: Hours, sat: Hours, sun: Hours }),
    holidays: Type.Boolean({
      description: 'Public holidays have no hours, make-up workdays have those of a Monday',
    }),
  }),
]);

const Party = nullable(Type.Object({ id: Id, name: Type.String() }));

const contract = component(
  'Contract',
  Type.Object({
    id: Id,
    code: Type.String(),
    name: Type.String(),
    is_baseline: Type.Boolean({ description: "The platform's own view: every station, no parties" }),
    agency: Party,
    contractor: Party,
    time_zone: Type.String(),
    term_from: Day,
    term_to: nullable(Day),
    calendar: CalendarSchema,
    rules: Rules,
    regions: Type.Array(Type.Object({ id: Id, name: Type.String(), kind: oneOf(REGION_KINDS) })),
    stations: Type.Integer({
      description: 'Stations in its regions that are not decommissioned, as far as the caller may see',
    }),
    closed_to: Type.Unsafe<string | null>({ type: ['string', 'null'], description: 'End of the last closed period' }),
    created_at: Instant,
    version: Type.Integer(),
  }),
);
export const Contract = contract.ref;
export const CONTRACT_PARTS = [contract.definition];

export const ContractList = Type.Object({
  items: Type.Array(Contract),
  default_id: Type.Unsafe<number>({
    type: 'integer',
    description: 'The contract that figures are of if none is named',
  }),
});

const optionalFields = {
  agency_org_id: Type.Optional(nullable(Id)),
  contractor_org_id: Type.Optional(nullable(Id)),
  time_zone: Type.Optional(Type.String({ maxLength: 64, description: 'IANA name' })),
  term_to: Type.Optional(nullable(dayText('First day that no longer belongs to it'))),
  calendar: Type.Optional(CalendarSchema),
  rules: Type.Optional(RulesInput),
};
const RegionIds = Type.Array(Id, { minItems: 1, maxItems: 500, uniqueItems: true });

export const NewContract = Body({
  code: Code,
  name: text(120),
  term_from: Day,
  region_ids: RegionIds,
  ...optionalFields,
});
export const ContractPatch = Body({
  code: Type.Optional(Code),
  name: Type.Optional(text(120)),
  term_from: Type.Optional(Day),
  region_ids: Type.Optional(RegionIds),
  ...optionalFields,
});

export type Contract = Static<typeof Contract>;
export type NewContract = Static<typeof NewContract>;
export type ContractPatch = Static<typeof ContractPatch>;
export type Rules = Static<typeof Rules>;
export type RulesInput = Static<typeof RulesInput>;
