import type { Contract, Interval, Statement } from '@uptally/sla';
import type { Contract as ContractRow } from '../../availability/contracts/schemas.ts';
import { getContract } from '../../availability/contracts/service.ts';
import { type Regions, selectRegionTree } from '../../availability/figures/regions.ts';
import { type StationPlace, selectStationPlaces } from '../../availability/figures/stations-sql.ts';
import type { Sums } from '../../availability/figures/sums-sql.ts';
import type { Pool, Queryable } from '../../db/index.ts';
import { type FaultCase, readCases } from '../../repair/figures.ts';
import { selectInForce } from '../documents/sql.ts';
import { sumsOf } from '../metrics/availability.ts';
import type { FoundValue } from '../metrics/types.ts';
import { type DisputeRow, selectDisputes } from '../statements/dispute-sql.ts';
import { evaluateNow, type FrozenContent, periodIn, RULES_VERSION } from '../statements/evaluate.ts';
import {
  type FreezeRow,
  type SignatureRow,
  type StoredStatement,
  selectFreeze,
  selectSignatures,
  selectStatementAnyhow,
} from '../statements/sql.ts';

/** The maker of papers sees every contract; who may have the paper is decided when it is asked for. */
const EVERYTHING = { scope: null, orgId: 0, seesAll: true } as const;

export interface StationRow {
  readonly place: StationPlace;
  readonly sums: Sums;
}

export interface ExclusionRow {
  readonly id: number;
  readonly kind: string;
  readonly dimension: string;
  readonly from_at: Date;
  readonly to_at: Date;
  readonly place: string;
  readonly reason: string;
  readonly proposed_by: string;
  readonly decided_by: string;
}

/** All that papers of a statement tell. */
export interface PaperData {
  readonly row: StoredStatement;
  readonly contract: ContractRow;
  readonly document: Contract;
  readonly documentNumber: number;
  readonly rulesVersion: string;
  readonly statement: Statement;
  readonly metrics: readonly FoundValue[];
  readonly freeze: FreezeRow | null;
  readonly signatures: readonly SignatureRow[];
  readonly disputes: readonly DisputeRow[];
  readonly regions: Regions;
  readonly stations: readonly StationRow[];
  readonly exclusions: readonly ExclusionRow[];
  readonly faults: readonly FaultCase[];
}

/** Reads a statement with its annexes: as it was closed, or as it stands. @throws Error if there is none, or no agreed document */
export async function readForPaper(pool: Pool, id: number, nowMs: number): Promise<PaperData> {
  const row = await selectStatementAnyhow(pool, id);
  if (row === null) throw new Error(`there is no statement ${id}`);
  const contract = await getContract(pool, EVERYTHING, row.contract.id);
  const freeze = row.freeze_id === null ? null : await selectFreeze(pool, row.freeze_id);
  const told = freeze === null ? await toldNow(pool, row, contract, nowMs) : toldThen(freeze);
  const period = periodIn(told.document, row.from_day, row.to_day);
  const asked = { db: pool, contract, document: told.document, instalment: row.instalment, period };
  const atMs = freeze?.closed_at.getTime() ?? nowMs;
  const sums = await sumsOf({ ...asked, nowMs: atMs, figures: 'frozen' });
  const closedIds = freeze?.closings.map(({ id }) => id) ?? [];
  const places = await selectStationPlaces(pool, { scope: null, contract, closedIds });
  return {
    row,
    contract,
    ...told,
    freeze,
    signatures: freeze === null ? [] : await selectSignatures(pool, freeze.id),
    disputes: await selectDisputes(pool, id),
    regions: await selectRegionTree(pool),
    stations: places
      .flatMap((place) => {
        const found = sums.get(place.id);
        return found === undefined ? [] : [{ place, sums: found }];
      })
      .sort((a, b) => (a.place.code < b.place.code ? -1 : 1)),
    exclusions: await selectExclusions(pool, contract.id, period),
    faults: await readCases(pool, { contractId: contract.id, period, nowMs: atMs }),
  };
}

type Told = Pick<PaperData, 'document' | 'documentNumber' | 'rulesVersion' | 'statement' | 'metrics'>;

async function toldNow(pool: Pool, row: StoredStatement, contract: ContractRow, nowMs: number): Promise<Told> {
  const stored = await selectInForce(pool, contract.id);
  if (stored === null) throw new Error('the contract has no document that both sides agreed on');
  const { statement, found } = await evaluateNow({
    db: pool,
    contract,
    document: stored.document,
    instalment: row.instalment,
    subPeriod: row.sub_period,
    fromDay: row.from_day,
    toDay: row.to_day,
    nowMs,
    figures: 'frozen',
  });
  const { document, number: documentNumber } = stored;
  return { document, documentNumber, rulesVersion: RULES_VERSION, statement, metrics: found };
}

function toldThen(freeze: FreezeRow): Told {
  const { document, rules_version, statement, metrics } = JSON.parse(freeze.content) as FrozenContent;
  return {
    document: document.content,
    documentNumber: document.number,
    rulesVersion: rules_version,
    statement,
    metrics,
  };
}

async function selectExclusions(db: Queryable, contractId: number, period: Interval): Promise<ExclusionRow[]> {
  const { rows } = await db.query<ExclusionRow>(
    `select e.id, e.kind, e.dimension, e.from_at, e.to_at, coalesce(st.name, si.name, r.name) as place, e.reason,
       p.name as proposed_by, d.name as decided_by
     from exclusion e join org p on p.id = e.proposed_org_id join org d on d.id = e.decided_org_id
       left join station st on st.id = e.station_id left join site si on si.id = e.site_id left join region r on r.id = e.region_id
     where e.contract_id = $1 and e.state = 'approved' and e.from_at < $3 and e.to_at > $2 order by e.from_at, e.id limit 20000`,
    [contractId, new Date(period.from), new Date(period.to)],
  );
  return rows;
}
