import { Counter, Gauge, type Registry } from 'prom-client';
import { type Broker, type BrokerStats, REFUSAL_REASONS, type RefusalReason } from './ports.ts';

/** Totals since the start of the process. */
export class Counters {
  accepted = 0;
  acceptedBytes = 0;
  acknowledged = 0;
  delivered = 0;
  readonly refused = noRefusals();
}

function noRefusals(): Record<RefusalReason, number> {
  const refused = {} as Record<RefusalReason, number>;
  for (const reason of REFUSAL_REASONS) refused[reason] = 0;
  return refused;
}

type Total = 'accepted' | 'acceptedBytes' | 'acknowledged' | 'delivered' | 'takeovers';
type Level = 'connections' | 'devices' | 'inflight' | 'inflightBytes';

const TOTALS: Record<Total, readonly [name: string, help: string]> = {
  accepted: ['uptally_broker_messages_total', 'Messages of devices handed to the sink'],
  acceptedBytes: ['uptally_broker_message_bytes_total', 'Payload bytes of devices handed to the sink'],
  acknowledged: ['uptally_broker_acknowledged_total', 'Messages acknowledged after they were durable'],
  delivered: ['uptally_broker_delivered_total', 'Messages to devices handed to their sessions'],
  takeovers: ['uptally_broker_takeovers_total', 'Sessions ended because the same device connected again'],
};
const LEVELS: Record<Level, readonly [name: string, help: string]> = {
  connections: ['uptally_broker_connections', 'Open connections, authenticated or not'],
  devices: ['uptally_broker_devices', 'Devices with a session'],
  inflight: ['uptally_broker_inflight_messages', 'Messages in the sink, not durable yet'],
  inflightBytes: ['uptally_broker_inflight_bytes', 'Payload bytes in the sink, not durable yet'],
};

/** Registers the broker's figures; they are read when the registry is scraped. */
export function brokerMetrics(registry: Registry, broker: Pick<Broker, 'stats'>): void {
  const registers = [registry];
  for (const [key, [name, help]] of entries(TOTALS)) {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(broker.stats()[key]);
      },
    });
  }
  for (const [key, [name, help]] of entries(LEVELS)) {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(broker.stats()[key]);
      },
    });
  }
  new Counter({
    name: 'uptally_broker_refused_total',
    help: 'Connections, publishes and subscriptions refused, by reason',
    labelNames: ['reason'] as const,
    registers,
    collect() {
      this.reset();
      const { refused }: BrokerStats = broker.stats();
      for (const reason of REFUSAL_REASONS) this.inc({ reason }, refused[reason]);
    },
  });
}

function entries<K extends string, V>(record: Record<K, V>): [K, V][] {
  return Object.entries(record) as [K, V][];
}
