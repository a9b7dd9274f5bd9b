import { addDays, type Day, dayBounds } from '@uptally/sla';
import type { Queryable } from '../../db/index.ts';
import { NETWORK_LIMITS, type NetworkPart } from './types.ts';

/** What a device measured over a period: sums, so that days add up. */
interface Measured {
  rttSum: number;
  rttCount: number;
  jitterSum: number;
  jitterCount: number;
  sent: number;
  lost: number;
  pkt: number;
  pktErr: number;
}

export interface NetworkQuery {
  readonly fromDay: Day;
  readonly toDay: Day;
  readonly timeZone: string;
  /** Devices that stood at a station of the report. */
  readonly devices: ReadonlySet<number>;
}

type Row = { device_key: number } & { [K in keyof Measured]: number | null };

/** One day at a time: a month of hours in one statement would hold everybody else up. */
const DAY = `select device_key, sum(rtt_ms * samples)::float8 as "rttSum", sum(case when rtt_ms is not null then samples end)::float8 as "rttCount",
    sum(jitter_ms * samples)::float8 as "jitterSum", sum(case when jitter_ms is not null then samples end)::float8 as "jitterCount",
    sum(sent)::float8 as sent, sum(lost)::float8 as lost, sum(pkt)::float8 as pkt, sum(pkt_err)::float8 as "pktErr"
  from net_hourly where bucket >= $1 and bucket < $2 group by device_key`;

/** Network quality over the period (R-HN-7), from hourly figures of what devices measured. `onDay` is told after each day. */
export async function networkPart(
  db: Queryable,
  query: NetworkQuery,
  onDay: () => Promise<void> = async () => undefined,
): Promise<NetworkPart> {
  const measured = new Map<number, Measured>();
  for (let day = query.fromDay; day < query.toDay; day = addDays(day, 1)) {
    const { from, to } = dayBounds(query.timeZone, day);
    const { rows } = await db.query<Row>(DAY, [new Date(from), new Date(to)]);
    for (const row of rows) if (query.devices.has(row.device_key)) add(measured, row);
    await onDay();
  }
  return partOf([...measured.values()]);
}

function add(measured: Map<number, Measured>, { device_key, ...row }: Row): void {
  const known = measured.get(device_key) ?? {
    rttSum: 0,
    rttCount: 0,
    jitterSum: 0,
    jitterCount: 0,
    sent: 0,
    lost: 0,
    pkt: 0,
    pktErr: 0,
  };
  for (const key of Object.keys(known) as (keyof Measured)[]) known[key] += row[key] ?? 0;
  measured.set(device_key, known);
}

function partOf(devices: readonly Measured[]): NetworkPart {
  const sum = (key: keyof Measured): number => devices.reduce((total, each) => total + each[key], 0);
  const mean = (total: number, count: number): number | null => (count === 0 ? null : total / count);
  const { latencyMs, jitterMs, lossPerMillion, errorPerMillion } = NETWORK_LIMITS;
  const within = (of: (each: Measured) => boolean, kept: (each: Measured) => boolean): [number, number] => {
    const counted = devices.filter(of);
    return [counted.filter(kept).length, counted.length];
  };
  return {
    devices: devices.length,
    latencyMs: mean(sum('rttSum'), sum('rttCount')),
    jitterMs: mean(sum('jitterSum'), sum('jitterCount')),
    sent: sum('sent'),
    lost: sum('lost'),
    packets: sum('pkt'),
    packetErrors: sum('pktErr'),
    within: {
      latency: within(
        ({ rttCount }) => rttCount > 0,
        ({ rttSum, rttCount }) => rttSum <= latencyMs * rttCount,
      ),
      jitter: within(
        ({ jitterCount }) => jitterCount > 0,
        ({ jitterSum, jitterCount }) => jitterSum <= jitterMs * jitterCount,
      ),
      loss: within(
        ({ sent }) => sent > 0,
        ({ sent, lost }) => lost * 1_000_000 <= lossPerMillion * sent,
      ),
      error: within(
        ({ pkt }) => pkt > 0,
        ({ pkt, pktErr }) => pktErr * 1_000_000 <= errorPerMillion * pkt,
      ),
    },
  };
}
