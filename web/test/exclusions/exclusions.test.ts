import { describe, expect, it } from 'vitest';
import { formFrom, wishOf } from '../../src/exclusions/propose/proposeForm.ts';
import { isPartyOf, whyNotDecide } from '../../src/exclusions/sides.ts';
import { fileFault } from '../../src/exclusions/upload.ts';
import { dayShown, exclusionQuery } from '../../src/exclusions/useExclusions.ts';

const ZONE = 'Asia/Shanghai';

describe('a proposal filled in from an interval', () => {
  const form = formFrom(
    { station: '7', dimension: 'network', from: '2026-11-04T00:12:07.310Z', to: '2026-11-04T06:40:33.001Z' },
    ZONE,
    2,
  );

  it('reaches outwards to full minutes of the contract’s zone', () => {
    expect(form).toMatchObject({ targetKind: 'station', target: 7, from: '2026-11-04T08:12', to: '2026-11-04T14:41' });
  });

  it('is no wish until kind and reason are there', () => {
    expect(wishOf(form, ZONE)).toBeNull();
    expect(wishOf({ ...form, kind: 'site_power_cut' }, ZONE, '-')).not.toBeNull();
    expect(wishOf({ ...form, kind: 'site_power_cut', reason: ' no power ' }, ZONE)).toEqual({
      contract_id: 2,
      kind: 'site_power_cut',
      dimension: 'network',
      station_id: 7,
      from: '2026-11-04T00:12:00.000Z',
      to: '2026-11-04T06:41:00.000Z',
      reason: 'no power',
    });
  });
});

describe('why somebody may not decide', () => {
  const exclusion = {
    state: 'proposed' as const,
    actions: [],
    proposed: { at: '', user: null, org: { id: 3, name: 'B', kind: 'contractor' as const } },
    closed_periods: [],
  };
  const person = { orgId: 2, orgKind: 'agency', mayDecide: true };

  it('is said for the own side, for those who are no party, for roles and for regions', () => {
    expect(whyNotDecide(exclusion, { ...person, orgId: 3, orgKind: 'contractor' })).toBe('own');
    expect(whyNotDecide(exclusion, { ...person, orgKind: 'platform' })).toBe('party');
    expect(whyNotDecide(exclusion, { ...person, mayDecide: false })).toBe('role');
    expect(whyNotDecide(exclusion, person)).toBe('scope');
    expect(whyNotDecide({ ...exclusion, closed_periods: [{ id: 1 }] }, person)).toBe('closed');
  });

  it('is nothing once the server offers it, or all is decided', () => {
    expect(whyNotDecide({ ...exclusion, actions: ['approve', 'reject'] }, person)).toBeNull();
    expect(whyNotDecide({ ...exclusion, state: 'approved' }, person)).toBeNull();
  });

  it('under the baseline every agency and contractor is a party, elsewhere the named ones', () => {
    const named = { is_baseline: false, agency: { id: 2 }, contractor: { id: 3 } };
    expect(isPartyOf(named, person)).toBe(true);
    expect(isPartyOf(named, { orgId: 9, orgKind: 'contractor' })).toBe(false);
    expect(isPartyOf({ ...named, is_baseline: true }, { orgId: 9, orgKind: 'contractor' })).toBe(true);
  });
});

describe('the list’s filters', () => {
  const none = { state: '', contract: '', kind: '', region: '', station: '', from: '', to: '' };

  it('ask for what waits for one’s own side, and for days up to their end', () => {
    expect(exclusionQuery(none, 'awaiting')).toEqual({ awaiting: true });
    expect(exclusionQuery(none, 'ours')).toEqual({ state: 'proposed', mine: true });
    expect(exclusionQuery({ ...none, from: '2026-10-01', to: '2026-10-31' }, 'approved')).toEqual({
      state: 'approved',
      from: '2026-09-30T16:00:00.000Z',
      to: '2026-10-31T16:00:00.000Z',
    });
  });

  it('show instants of other pages’ links as days', () => {
    expect(dayShown('2026-09-30T16:00:00.000Z', false)).toBe('2026-10-01');
    expect(dayShown('2026-10-31T16:00:00.000Z', true)).toBe('2026-10-31');
  });
});

describe('a file', () => {
  it('is refused for its size and kind before it is sent', () => {
    expect(fileFault({ size: 10, type: 'application/pdf' })).toBeNull();
    expect(fileFault({ size: 10, type: 'text/html' })).toBe('type');
    expect(fileFault({ size: 10_000_001, type: 'image/png' })).toBe('too_large');
    expect(fileFault({ size: 0, type: 'image/png' })).toBe('empty');
  });
});
