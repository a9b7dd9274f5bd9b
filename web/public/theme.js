// Runs before the first paint, so that a dark console never flashes white. A file, not inline: the page's CSP forbids inline scripts.
(() => {
  let theme = null;
  try {
    theme = JSON.parse(localStorage.getItem('uptally.preferences') ?? '{}').theme;
  } catch {
    // A broken preference is no reason not to start.
  }
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
