import type { CommandExecutor, HealthPicture } from '@uptally/agent';
import type { VirtualDevice } from './virtual-device.ts';

/** A business program takes about this long to start, ms. */
const PROGRAM_START_MS = 4_000;
/** The terminal goes down this long after it said it would, ms. */
const REBOOT_AFTER_MS = 1_500;

/** Carries out what the platform orders, in the simulated world, and reports as the agent does. */
export function executorFor(device: VirtualDevice, selfcheck: () => Promise<HealthPicture>): CommandExecutor {
  return {
    execute: async (op) => {
      switch (op) {
        case 'selfcheck': {
          const { c, m } = await selfcheck();
          const present = Object.entries(c).filter(([, { s }]) => s !== 'absent');
          const told = Object.fromEntries(present.map(([name, { s, r }]) => [name, r ? `${s}:${r}` : s]));
          return { state: 'succeeded', d: { c: told, m } };
        }
        case 'pause_service':
          device.apply('paused', { kind: 'fault', component: 'program', state: 'warn', reason: 'paused' });
          return { state: 'succeeded' };
        case 'resume_service':
          device.clear('paused');
          return { state: 'succeeded' };
        case 'restart_program': {
          device.apply('restarting', { kind: 'fault', component: 'program', state: 'warn', reason: 'not_running' });
          await new Promise((resolve) => setTimeout(resolve, PROGRAM_START_MS));
          device.clear('restarting');
          return { state: 'succeeded' };
        }
        case 'restart_terminal':
          setTimeout(() => device.reboot(), REBOOT_AFTER_MS);
          return 'rebooting';
      }
    },
  };
}
