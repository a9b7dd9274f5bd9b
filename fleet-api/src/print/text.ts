/** Not characters of a text: controls except line break and tab, halves of surrogate pairs, marks that turn the direction of reading. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cs}\p{Bidi_Control}\ufeff]/gu;

/** A text of whatever origin as it can be set or stored in a sheet. Characters that the font lacks stay: they show as a crossed box. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNPRINTABLE, '');
}
