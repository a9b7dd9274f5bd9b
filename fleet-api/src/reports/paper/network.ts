import { showPercent } from '@uptally/sla';
import type { PaperBlock } from '../../print/document.ts';
import { NETWORK_LIMITS, type NetworkPart, type ReportFigures } from '../figures/types.ts';
import { bytes, type Format } from './format.ts';

/** What devices measured against the limits of R-HN-7. */
export function networkBlocks({ network }: ReportFigures, format: Format): PaperBlock[] {
  const { words } = format;
  const { col, quality } = words;
  if (network.devices === 0) return [{ kind: 'paragraph', text: words.none_of.network }];
  const { latencyMs, jitterMs, lossPerMillion, errorPerMillion } = NETWORK_LIMITS;
  const { within } = network;
  return [
    {
      kind: 'table',
      columns: [
        { label: col.item, width: 1.5 },
        { label: col.value, align: 'right' },
        { label: col.limit, align: 'right' },
        { label: col.kept, align: 'right', width: 1.5 },
      ],
      rows: [
        [quality.latency, milliseconds(network.latencyMs, words.none), `${latencyMs} ms`, keptOf(within.latency)],
        [quality.jitter, milliseconds(network.jitterMs, words.none), `${jitterMs} ms`, keptOf(within.jitter)],
        [
          quality.loss,
          share(network.lost, network.sent, words.none),
          `${lossPerMillion / 10_000}%`,
          keptOf(within.loss),
        ],
        [
          quality.error,
          share(network.packetErrors, network.packets, words.none),
          `${errorPerMillion / 10_000}%`,
          keptOf(within.error),
        ],
      ],
    },
    { kind: 'paragraph', style: 'note', text: words.sentence.quality },
  ];
}

/** Rounded up: a measured 400.01 must not pass for 400. */
function milliseconds(value: number | null, none: string): string {
  return value === null ? none : `${(Math.ceil(value * 10) / 10).toFixed(1)} ms`;
}

/** Rounded up likewise. */
function share(part: number, of: number, none: string): string {
  return of === 0 ? none : `${(Math.ceil((part / of) * 1_000_000 - 1e-9) / 10_000).toFixed(4)}%`;
}

function keptOf([kept, of]: NetworkPart['within']['latency']): string {
  return of === 0 ? '0 / 0' : `${kept} / ${of}（${showPercent({ num: kept, den: of })}%）`;
}

/** Traffic against the pool of the cards (R-HN-6). */
export function simBlocks({ sim }: ReportFigures, { words }: Format): PaperBlock[] {
  const { facts, col } = words;
  if (sim.cards === 0) return [{ kind: 'paragraph', text: words.none_of.sim }];
  const pool: [string, string][] =
    sim.poolBytes === null
      ? []
      : [
          [facts.pool, bytes(sim.poolBytes)],
          [facts.share, sim.poolBytes === 0 ? words.none : `${showPercent({ num: sim.bytes, den: sim.poolBytes })}%`],
          [facts.over, String(sim.overQuota ?? 0)],
        ];
  return [
    { kind: 'facts', items: [[facts.cards, String(sim.cards)], [facts.used, bytes(sim.bytes)], ...pool] },
    {
      kind: 'table',
      caption: words.captions.top,
      columns: [{ label: col.device }, { label: col.station, width: 2 }, { label: col.traffic, align: 'right' }],
      rows: sim.top.map(({ device, station, bytes: count }) => [device, station, bytes(count)]),
    },
  ];
}
