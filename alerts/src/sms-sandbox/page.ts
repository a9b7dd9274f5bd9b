import type { StoredMessage } from './messages.ts';

const STATUS_WORDS: Readonly<Record<StoredMessage['status'], string>> = {
  accepted: '已受理 accepted',
  queued: '排队 queued',
  sending: '发送中 sending',
  sent: '已发送 sent',
  delivered: '已送达 delivered',
  undelivered: '未送达 undelivered',
  failed: '失败 failed',
};

/** The inbox of every phone that got something, for people who try the platform out. */
export function inboxPage(messages: readonly StoredMessage[], timeZone: string): string {
  const phones = new Map<string, StoredMessage[]>();
  for (const message of messages) phones.set(message.to, [...(phones.get(message.to) ?? []), message]);
  const time = new Intl.DateTimeFormat('zh-CN', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const bubble = (message: StoredMessage): string => `<article class="${message.status}">
      <p>${escapeHtml(message.body)}</p>
      <footer><time>${time.format(message.createdAtMs)}</time> · ${STATUS_WORDS[message.status]}${
        message.errorCode === null ? '' : ` (${message.errorCode})`
      }</footer>
    </article>`;
  const sections = [...phones].map(
    ([phone, own]) => `<section>
    <h2>${escapeHtml(phone)} <small>${own.length}</small></h2>
    ${own.slice(0, 50).map(bubble).join('\n')}
  </section>`,
  );
  const empty = '<p class="empty">还没有短信。<br>No messages yet.</p>';
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="3">
<title>短信沙箱 SMS sandbox</title>
<style>
  :root { color-scheme: light dark; font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; }
  body { max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
  h1 { font-size: 1.15rem; margin: 0; }
  h2 { font-size: 1rem; font-variant-numeric: tabular-nums; margin: 0 0 .5rem; }
  .lead, footer, small, .empty { color: light-dark(#5b6470, #9aa4b1); }
  main { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.5rem; margin-top: 1.5rem; align-items: start; }
  section { border: 1px solid light-dark(#dfe3e8, #343b45); border-radius: 12px; padding: 1rem; }
  article { background: light-dark(#eef2f6, #232a33); border-radius: 10px; padding: .6rem .8rem; margin-top: .6rem; }
  article p { margin: 0; overflow-wrap: anywhere; }
  article.undelivered, article.failed { outline: 1px solid light-dark(#c62828, #ef6c6c); }
  footer { font-size: .8rem; margin-top: .25rem; }
</style>
</head>
<body>
<h1>短信沙箱 · SMS sandbox</h1>
<p class="lead">代替运营商收短信的本地服务，不会发到真实手机。<br>A local stand-in for the SMS provider: nothing here reaches a real phone.</p>
<main>${sections.length > 0 ? sections.join('\n') : empty}</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (char) => entities[char] ?? char);
}
