// Runs before the first paint. A file, not inline: the page's CSP forbids inline scripts.
(() => {
  const read = (name) => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? '{}') ?? {};
    } catch {
      // What this browser has kept may be broken or out of reach; that is no reason not to start.
      return {};
    }
  };
  const { theme, locale } = read('uptally.preferences');
  // A dark console must never flash white.
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);

  const ask = (attributes) => document.head.append(Object.assign(document.createElement('link'), attributes));
  // The words of the language come beside the code that will ask for them, not after it.
  const words = JSON.parse(document.querySelector('meta[name="uptally-words"]')?.content ?? '{}');
  const spoken = navigator.languages.find((language) => /^(zh|en)\b/i.test(language)) ?? '';
  const file = words[locale ?? (/^en/i.test(spoken) ? 'en' : 'zh-CN')];
  if (file) ask({ rel: 'modulepreload', href: file });
  // So do the overview's figures, unless this browser is known to be signed out.
  if (location.pathname === '/' && !read('uptally.session').signedOut) {
    for (const path of ['overview', 'incidents?state=open&limit=50', 'incidents?state=acked&limit=50']) {
      ask({ rel: 'preload', as: 'fetch', crossOrigin: '', href: `/api/v1/${path}` });
    }
  }
})();
