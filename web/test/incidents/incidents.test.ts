import { describe, expect, it } from 'vitest';
import { deliveryMark } from '../../src/incidents/useDeliveryWords.ts';
import { incidentQuery } from '../../src/incidents/useIncidents.ts';

describe('incidents asked for', () => {
  it('are the open ones without a word in the address, all of them on request', () => {
    expect(incidentQuery({ state: '', rule: '', region: '' })).toEqual({ state: 'open' });
    expect(incidentQuery({ state: 'all', rule: '', region: '' })).toEqual({});
    expect(incidentQuery({ state: 'acked', rule: 'device_offline', region: '7' })).toEqual({
      state: 'acked',
      rule: 'device_offline',
      region: 7,
    });
  });
});

describe('mark of a message', () => {
  it('is red for what did not arrive, and unknown for a state that the console does not know', () => {
    expect([deliveryMark('undelivered'), deliveryMark('failed')]).toEqual(['offline', 'offline']);
    expect(deliveryMark('somewhere')).toBe('unknown');
  });
});
