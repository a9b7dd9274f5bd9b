/** Serials as people paste or scan them: parted by blanks, commas or lines; each once. */
export function serialsIn(text: string): string[] {
  return [...new Set(text.split(/[\s,，;；、]+/).filter(Boolean))];
}
