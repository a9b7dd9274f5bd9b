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

  // The words of the language come beside the code that will ask for them, not after it.
  const words = JSON.parse(document.querySelector('meta[name="uptally-words"]')?.content ?? '{}');
  const spoken = navigator.languages.find((language) => /^(zh|en)\b/i.test(language)) ?? '';
  const href = words[locale ?? (/^en/i.test(spoken) ? 'en' : 'zh-CN')];
  if (href) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));

  // So do the overview's figures, unless this browser is known to be signed out. Whoever asks within the time gets these answers.
  if (location.pathname !== '/' || read('uptally.session').signedOut) return;
  window.uptallyAsked = {};
  for (const path of ['overview', 'incidents?state=open&limit=50', 'incidents?state=acked&limit=50']) {
    const url = `/api/v1/${path}`;
    window.uptallyAsked[url] = fetch(url);
    window.uptallyAsked[url].catch(() => {});
  }
  setTimeout(() => {
    window.uptallyAsked = undefined;
  }, 15_000);
})();
