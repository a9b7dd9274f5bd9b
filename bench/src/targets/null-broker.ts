import { type Broker, type BrokerStats, createBroker, type Sink } from '@uptally/broker';
import pino from 'pino';
import type { PartHandlers } from '../process.ts';

/** Limits out of the way of a generator that opens everything from one address. */
export const BENCH_LIMITS = { addressBurst: 50_000, connectionBurst: 50_000 } as const;

/** The broker alone: every device is let in, every message is durable at once. What is left is the broker's own cost. */
export function nullBrokerPart(): PartHandlers {
  let broker: Broker | null = null;
  const sink: Sink = {
    accept: async () => undefined,
    connected: () => undefined,
    disconnected: () => undefined,
    refused: () => undefined,
  };
  return {
    async start(): Promise<number> {
      broker = createBroker({
        listeners: { tcp: { port: 0, host: '127.0.0.1' } },
        authenticator: { authenticate: async (deviceId) => ({ deviceKey: Number(deviceId.slice(6)), deviceId }) },
        sink,
        limits: BENCH_LIMITS,
        logger: pino({ level: 'warn' }),
      });
      await broker.start();
      return broker.addresses.tcp?.port ?? 0;
    },
    async stats(): Promise<BrokerStats | null> {
      return broker?.stats() ?? null;
    },
    /** Settles memory before it is measured. */
    async collect(): Promise<void> {
      globalThis.gc?.();
    },
    async stop(): Promise<void> {
      await broker?.stop();
    },
  };
}
