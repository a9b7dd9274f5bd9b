import { describe, expect, it } from 'vitest';
import { degrees, formOf, isCode, isComplete, siteBody } from '../../src/sites/siteForm.ts';

const typed = { ...formOf(null, 5), name: ' 东山村卫生室 ', code: 'HK-V001' };

describe('form of a site', () => {
  it('is complete with name, code and region, and numbers where numbers belong', () => {
    expect(isComplete(typed)).toBe(true);
    expect(isComplete({ ...typed, regionId: null })).toBe(false);
    expect(isComplete({ ...typed, code: '海口-1' })).toBe(false);
    expect(isComplete({ ...typed, lat: 'north' })).toBe(false);
  });

  it('sends what was emptied as null', () => {
    expect(siteBody({ ...typed, address: '  ', lat: '20.5' })).toMatchObject({
      name: '东山村卫生室',
      region_id: 5,
      address: null,
      contact_phone: null,
      lat: 20.5,
      lon: null,
    });
  });

  it('knows a code and a coordinate', () => {
    expect([isCode('a.b_c/d-1'), isCode('-a'), isCode('')]).toEqual([true, false, false]);
    expect([degrees(''), degrees('110.3')]).toEqual([null, 110.3]);
  });
});
