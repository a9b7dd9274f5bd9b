import type { PartHandlers } from '../process.ts';
import { Swarm, type SwarmResult, type SwarmSpec } from './swarm.ts';

/** The load generator's process. */
export function loadPart(): PartHandlers {
  let swarm: Swarm | null = null;
  let connectMs = 0;
  return {
    async connect(spec: SwarmSpec): Promise<number> {
      swarm = new Swarm(spec);
      connectMs = await swarm.connect();
      return connectMs;
    },
    async run(): Promise<SwarmResult> {
      if (swarm === null) throw new Error('not connected');
      return swarm.run(connectMs);
    },
    /** After a connect with `everyMs`: beats go on until close. */
    async pace(everyMs: number): Promise<void> {
      swarm?.pace(everyMs);
    },
    acked: async (): Promise<number> => swarm?.acked ?? 0,
    async close(): Promise<void> {
      swarm?.close();
      swarm = null;
    },
  };
}
