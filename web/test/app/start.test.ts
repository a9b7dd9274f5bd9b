import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, forgetAsked } from '../../src/api/client.ts';

const SCRIPT = readFileSync(join(import.meta.dirname, '../../public/start.js'), 'utf8');
const OVERVIEW = ['overview', 'incidents?state=open&limit=50', 'incidents?state=acked&limit=50'];

describe('the start of the page', () => {
  beforeEach(() => {
    localStorage.clear();
    document.head.innerHTML = `<meta name="uptally-words" content='{"zh-CN":"/zh.js","en":"/en.js"}'>`;
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    forgetAsked();
    localStorage.clear();
    document.head.innerHTML = '';
    document.documentElement.className = '';
  });

  /** What the page would ask for. A link in the document of this test would be fetched for real. */
  function start(): string[] {
    const links: HTMLLinkElement[] = [];
    vi.spyOn(document.head, 'append').mockImplementation((link) => void links.push(link as HTMLLinkElement));
    vi.stubGlobal('fetch', async () => Response.json({}));
    new Function(SCRIPT)();
    return [...links.map((link) => link.getAttribute('href') ?? ''), ...Object.keys(window.uptallyAsked ?? {})];
  }

  it('asks for the words of the chosen language and for the figures of the overview', () => {
    localStorage.setItem('uptally.preferences', '{"locale":"zh-CN","theme":"dark"}');
    expect(start()).toEqual(['/zh.js', ...OVERVIEW.map((path) => `/api/v1/${path}`)]);
    expect(document.documentElement.classList.contains('dark')).toBe(true);
  });

  it('asks for no figures where nobody is signed in', () => {
    localStorage.setItem('uptally.preferences', '{"locale":"en"}');
    localStorage.setItem('uptally.session', '{"signedOut":true}');
    expect(start()).toEqual(['/en.js']);
  });

  it('is listened to once by whoever asks for the same', async () => {
    start();
    vi.stubGlobal('fetch', async () => Response.json({ again: true }));
    const ask = async () => (await api.GET('/api/v1/overview')).data;
    expect([await ask(), await ask()]).toEqual([{}, { again: true }]);
  });

  it('survives what it cannot read', () => {
    localStorage.setItem('uptally.preferences', 'no json');
    document.head.innerHTML = '';
    expect(start()).toHaveLength(OVERVIEW.length);
  });
});
