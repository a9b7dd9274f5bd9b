import { describe, expect, it } from 'vitest';
import { csvUrl, placeWords, regionWords } from '../../src/devices/rowWords.ts';
import { type DeviceRow, type Filters, patchPages, toQuery } from '../../src/devices/useDeviceList.ts';
import { isNews } from '../../src/devices/useLiveRows.ts';

const NONE: Filters = { q: '', state: '', lifecycle: '', region: '', site: '', model: '', component: '' };

function row(device_id: string, state: DeviceRow['state'] = 'online'): DeviceRow {
  return {
    device_id,
    serial: device_id,
    model: null,
    lifecycle: 'in_service',
    state,
    online: state === 'online',
    faulty: false,
    connected: true,
    last_seen_at: null,
    changed_at: null,
    region: { id: 3, name: '新村镇', county: '陵水县', township: '新村镇' },
    site: { id: 1, code: 'S1', name: '新村卫生院' },
    station: { id: 1, code: 'P1', name: '1 号机' },
    signal_dbm: null,
    rtt_ms: null,
    sim_bytes: 0,
    agent: null,
    components: [],
  };
}

describe('device list', () => {
  it('asks only for what is filtered, ids as numbers', () => {
    expect(toQuery({ ...NONE, q: '新村', region: '12', state: 'offline' })).toEqual({
      q: '新村',
      region: 12,
      state: 'offline',
    });
  });

  it('exports what is shown', () => {
    expect(csvUrl({ ...NONE, q: 'a&b' }, '-changed_at')).toBe('/api/v1/devices.csv?sort=-changed_at&q=a%26b');
  });

  it('puts live changes where the rows are and touches nothing else', () => {
    const pages = {
      pages: [
        { items: [row('a'), row('b')], next_cursor: 'x' },
        { items: [row('c')], next_cursor: null },
      ],
      pageParams: [undefined, 'x'],
    };
    const patched = patchPages(pages, new Map([['b', row('b', 'offline')]]));
    expect(patched.pages[0]?.items.map((r) => [r.device_id, r.state])).toEqual([
      ['a', 'online'],
      ['b', 'offline'],
    ]);
    expect(patched.pages[0]?.items[0]).toBe(pages.pages[0]?.items[0]);
    expect(patched.pages[1]).toBe(pages.pages[1]);
    expect(pages.pages[0]?.items[1]?.state).toBe('online');
  });

  it('marks a row for a new state or fault, not for a later beat', () => {
    const fault = { component: 'printer', state: 'fault', reason: 'paper_out', detail: null, since: null } as const;
    expect(isNews(row('a'), { ...row('a'), last_seen_at: '2026-11-21T00:00:00Z' })).toBe(false);
    expect(isNews(row('a'), row('a', 'offline'))).toBe(true);
    expect(isNews(row('a'), { ...row('a'), components: [fault] })).toBe(true);
    expect(isNews(undefined, row('a'))).toBe(false);
  });

  it('says where a device stands', () => {
    expect(placeWords(row('a'))).toBe('新村卫生院 · 1 号机');
    expect(placeWords({ ...row('a'), site: null, station: null })).toBe('');
    expect(regionWords(row('a'))).toBe('陵水县 / 新村镇');
    expect(regionWords({ region: { id: 1, name: '海南省', county: null, township: null } })).toBe('海南省');
  });
});
