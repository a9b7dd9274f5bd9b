/** Where to go after sign-in: a path of this console, never another site (`//evil`, `https:`, a backslash trick). */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
