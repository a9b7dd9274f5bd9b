import type { Sides } from './contract.ts';

/** Price of the programme and of its operations, fen: 3,600,000.00 yuan. */
const PRICE_FEN = 360_000_000;

interface Preset {
  readonly id: string;
  readonly document: {
    readonly parties: readonly object[];
    readonly prices: readonly object[];
  };
}

interface Term {
  readonly from: string;
  readonly to: string;
}

/**
 * The programme's contract as data (R-HN-9), proposed by the contractor and agreed to by the agency, and a draft of its final
 * statement: so that the money that the running term puts at risk is there to be seen.
 */
export async function agreeDocument({ agency, contractor }: Sides, contractId: number, term: Term): Promise<void> {
  const { items } = await contractor.get<{ items: readonly Preset[] }>('/contract-presets');
  const preset = items.find(({ id }) => id === 'hn')?.document;
  if (preset === undefined) return;
  const document = {
    ...preset,
    term,
    sub_periods: [],
    parties: preset.parties.slice(0, 2),
    prices: preset.prices.map((price) => ({ ...price, amount_fen: PRICE_FEN })),
  };
  const path = `/contracts/${contractId}/documents`;
  const drafted = await contractor.post<{ readonly id: number }>(path, { document, note: '按采购文件录入（演示）' });
  await contractor.post(`${path}/${drafted.id}/propose`, {});
  await agency.post(`${path}/${drafted.id}/agree`, { note: '与采购文件核对一致' });
  await contractor.post(`/contracts/${contractId}/statements`, {
    instalment: 'final',
    from_day: term.from,
    to_day: term.to,
  });
}
