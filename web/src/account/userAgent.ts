const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/MicroMessenger/, 'WeChat'],
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrome\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/HarmonyOS|OpenHarmony/, 'HarmonyOS'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** `Chrome · Windows` for what a browser calls itself; its first word for anything else; null for nothing. */
export function browserWords(userAgent: string | null): string | null {
  if (!userAgent) return null;
  const named = (list: typeof BROWSERS) => list.find(([form]) => form.test(userAgent))?.[1];
  const words = [named(BROWSERS), named(SYSTEMS)].filter(Boolean);
  return words.length > 0 ? words.join(' · ') : (userAgent.split(/[\s/]/)[0] ?? null);
}
