import { describe, expect, it } from 'vitest';
import { RoomLedger } from '../../src/realtime/ledger.ts';

describe('room ledger', () => {
  it('tells the server of first watchers and last leavers only', () => {
    const said: string[] = [];
    const ledger = new RoomLedger({
      watch: (rooms) => said.push(`+${rooms}`),
      unwatch: (rooms) => said.push(`-${rooms}`),
    });
    ledger.add(['overview', 'incidents']);
    ledger.add(['overview']);
    ledger.remove(['overview', 'incidents']);
    expect(ledger.rooms()).toEqual(['overview']);
    ledger.remove(['overview']);
    expect(said).toEqual(['+overview,incidents', '-incidents', '-overview']);
    expect(ledger.rooms()).toEqual([]);
  });
});
