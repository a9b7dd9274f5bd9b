import { describe, expect, it } from 'vitest';
import { placeWords, selectionQuery } from '../../src/commands/batches/commandWords.ts';
import { type CommandPages, patchCommand } from '../../src/commands/batches/useBatch.ts';
import { cancellable, commandMark } from '../../src/commands/commandStates.ts';

const command = (id: string) => ({ id, state: 'queued' });
const pages = {
  pages: [
    { items: [command('a'), command('b')], next_cursor: 'x' },
    { items: [command('c')], next_cursor: null },
  ],
  pageParams: [undefined, 'x'],
} as unknown as CommandPages;

describe('a live change of a command', () => {
  it('is put where its row is and leaves other pages as they are', () => {
    const after = patchCommand(pages, { id: 'b', state: 'running' });
    expect(after.pages[0]?.items.map((c) => `${c.id}:${c.state}`)).toEqual(['a:queued', 'b:running']);
    expect(after.pages[1]).toBe(pages.pages[1]);
  });
});

describe('cancelling', () => {
  it('stops what no device has accepted', () => {
    const none = {
      queued: 0,
      delivered: 0,
      accepted: 0,
      running: 0,
      succeeded: 0,
      failed: 0,
      expired: 0,
      cancelled: 0,
    };
    expect(cancellable({ ...none, queued: 3, delivered: 2, accepted: 4, succeeded: 9 })).toBe(5);
  });
});

describe('words of a batch', () => {
  it('lead back to the filter with which it was aimed', () => {
    expect(selectionQuery({ filter: { region: 4, state: 'offline' } })).toEqual({ region: '4', state: 'offline' });
    expect(selectionQuery({ ids: ['d-1'] })).toBeUndefined();
    expect(selectionQuery(null)).toBeUndefined();
  });

  it('name a place once', () => {
    expect(placeWords({ site_name: '东山村卫生室', station_name: '东山村卫生室' })).toBe('东山村卫生室');
    expect(placeWords({ site_name: null, station_name: null })).toBe('');
  });

  it('mark a state that the console does not know as unknown', () => {
    expect([commandMark('succeeded'), commandMark('lost')]).toEqual(['online', 'unknown']);
  });
});
