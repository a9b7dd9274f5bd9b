import { mount } from '@vue/test-utils';
import { describe, expect, it } from 'vitest';
import { defineComponent, h, nextTick } from 'vue';
import { createMemoryHistory, createRouter } from 'vue-router';
import { readFilters, useListUrl, writeFilters } from '../../../src/ui/table/useListUrl.ts';

describe('list state in the URL', () => {
  it('reads what is there and leaves out what is empty', () => {
    expect(readFilters(['q', 'state'], { q: ['a', 'b'], state: null })).toEqual({ q: 'a', state: '' });
    expect(writeFilters({ q: 'a', tab: 'x' }, { q: '', state: 'offline' })).toEqual({ tab: 'x', state: 'offline' });
  });

  it('follows the address, and the address follows it, without steps in the history', async () => {
    let list: ReturnType<typeof useListUrl<'q' | 'state'>> | undefined;
    const page = defineComponent(() => {
      list = useListUrl({ filters: ['q', 'state'], sort: 'serial' });
      return () => h('div');
    });
    const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/devices', component: page }] });
    await router.push('/devices?state=offline');
    mount(page, { global: { plugins: [router] } });

    expect(list?.filters.value).toEqual({ q: '', state: 'offline' });
    expect(list?.sort.value).toBe('serial');
    list?.setSort('-last_seen');
    await router.isReady();
    await nextTick();
    await expect.poll(() => router.currentRoute.value.fullPath).toBe('/devices?state=offline&sort=-last_seen');
    list?.clear();
    await expect.poll(() => router.currentRoute.value.fullPath).toBe('/devices?sort=-last_seen');
    expect(list?.active.value).toEqual([]);
  });
});
