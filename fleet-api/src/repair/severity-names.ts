import { type Contract, severityTitles, type BilingualText as Text } from '@uptally/sla';
import { contractVisible, type Viewer } from '../availability/contracts/viewer.ts';
import type { Queryable } from '../db/index.ts';
import type { Language } from '../registry/shared/csv.ts';
import { repairWord } from './words.ts';

export interface SeverityName {
  readonly contract_id: number;
  readonly severity: string;
  readonly name: Text;
}

/** What contracts call the severities that are their own, by the documents that both sides agreed on last. */
export class SeverityNames {
  readonly #names: ReadonlyMap<string, Text>;

  constructor(names: readonly SeverityName[]) {
    this.#names = new Map(names.map(({ contract_id, severity, name }) => [`${contract_id}/${severity}`, name]));
  }

  /** Those of one contract, by severity. */
  ofContract(contractId: number): Record<string, Text> {
    const prefix = `${contractId}/`;
    const own = [...this.#names].filter(([key]) => key.startsWith(prefix));
    return Object.fromEntries(own.map(([key, name]) => [key.slice(prefix.length), name]));
  }

  /** The contract's word, else the usual one; a severity that nobody has a word for stays as it is. */
  of(contractId: number, severity: string, language: Language): string {
    return this.#names.get(`${contractId}/${severity}`)?.[language] ?? repairWord(language, 'severity', severity);
  }
}

const IN_FORCE = `select distinct on (d.contract_id) d.contract_id, d.document -> 'duties' as duties
  from contract_document d join contract c on c.id = d.contract_id where d.state = 'agreed'`;
const LAST = 'order by d.contract_id, d.decided_at desc, d.id desc';

type Row = { readonly contract_id: number } & Pick<Contract, 'duties'>;

function namesIn(rows: readonly Row[]): SeverityName[] {
  return rows.flatMap((row) =>
    [...severityTitles(row)].map(([severity, name]) => ({ contract_id: row.contract_id, severity, name })),
  );
}

/** Names of all contracts, or of one: for papers and tables whose rows were chosen by who may see them. */
export async function loadSeverityNames(db: Queryable, contractId: number | null = null): Promise<SeverityNames> {
  const { rows } = await db.query<Row>(`${IN_FORCE} and ($1::int is null or d.contract_id = $1) ${LAST}`, [contractId]);
  return new SeverityNames(namesIn(rows));
}

/** Names in the contracts that somebody sees. */
export async function listSeverityNames(db: Queryable, viewer: Viewer): Promise<SeverityName[]> {
  const { rows } = await db.query<Row>(`${IN_FORCE} and ${contractVisible('$1', '$2', '$3')} ${LAST}`, [
    viewer.scope,
    viewer.orgId,
    viewer.seesAll,
  ]);
  return namesIn(rows);
}
