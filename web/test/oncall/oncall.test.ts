import { describe, expect, it } from 'vitest';
import { isPhone, showPhone, toE164 } from '../../src/oncall/phone.ts';
import { servesRegion } from '../../src/oncall/useOncall.ts';

describe('a typed number', () => {
  it('becomes E.164; a mainland mobile needs no country code', () => {
    expect(toE164('138 0000-0000')).toBe('+8613800000000');
    expect(toE164('0015005550001')).toBe('+15005550001');
    expect(toE164('+86 139 0000 0000')).toBe('+8613900000000');
  });

  it('is taken if it can get SMS', () => {
    expect(isPhone('+8613800000000')).toBe(true);
    expect(isPhone('+15005550001')).toBe(true);
    expect(isPhone('+8689866668888')).toBe(false);
    expect(isPhone('13800000000')).toBe(false);
  });

  it('is shown in groups', () => {
    expect(showPhone('+8613800000000')).toBe('+86 138 0000 0000');
    expect(showPhone('+15005550001')).toBe('+15005550001');
  });
});

describe('a number on call', () => {
  it('serves its region with all in it, or everything', () => {
    expect(servesRegion({ region: null }, [1, 2])).toBe(true);
    expect(servesRegion({ region: { id: 1, name: 'province' } }, [1, 2])).toBe(true);
    expect(servesRegion({ region: { id: 3, name: 'elsewhere' } }, [1, 2])).toBe(false);
  });
});
