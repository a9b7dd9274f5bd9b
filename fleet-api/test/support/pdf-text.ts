import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF that pdfmake made, in the order in which it was drawn, lines and cells run together. Reads what such files consist
 * of and nothing more: hexadecimal strings in the glyphs of embedded fonts, and the tables that lead back from these to characters.
 */
export function pdfText(pdf: Buffer): string {
  const objects = objectsOf(pdf);
  const fonts = new Map<string, Map<string, string>>();
  for (const { head } of objects.values()) {
    for (const [, name = '', id = ''] of head.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
      const map = /\/ToUnicode (\d+) 0 R/.exec(objects.get(id)?.head ?? '')?.[1];
      if (map !== undefined) fonts.set(name, charactersOf(objects.get(map)?.stream ?? ''));
    }
  }
  return [...objects.values()].map(({ stream }) => textOf(stream, fonts)).join('');
}

/** Pages of it. */
export function pdfPages(pdf: Buffer): number {
  return [...objectsOf(pdf).values()].filter(({ head }) => /\/Type \/Page\b/.test(head)).length;
}

interface PdfObject {
  readonly head: string;
  /** Unpacked, if it is text; empty otherwise. */
  readonly stream: string;
}

function objectsOf(pdf: Buffer): Map<string, PdfObject> {
  const text = pdf.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const match of text.matchAll(/(?<=[\r\n])(\d+) 0 obj\r?\n/g)) {
    const begin = match.index + match[0].length;
    const end = text.indexOf('endobj', begin);
    const streamAt = text.indexOf('stream\n', begin);
    const hasStream = streamAt >= 0 && streamAt < end;
    const head = text.slice(begin, hasStream ? streamAt : end);
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0);
    const isFont = /\/Length1 |\/FontFile|\/Subtype \/(?:Image|CIDFontType0C)/.test(head) || length > 4_000_000;
    const raw = hasStream && !isFont ? pdf.subarray(streamAt + 7, streamAt + 7 + length) : Buffer.alloc(0);
    const stream = /FlateDecode/.test(head) && raw.length > 0 ? inflateSync(raw) : raw;
    objects.set(match[1] ?? '', { head, stream: stream.toString('latin1') });
  }
  return objects;
}

/** Glyph, as four hexadecimal digits, to what it stands for. */
function charactersOf(cmap: string): Map<string, string> {
  const characters = new Map<string, string>();
  for (const [, from = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    const first = Number.parseInt(from, 16);
    for (const [i, [, code = '']] of [...list.matchAll(/<([0-9a-f ]*)>/gi)].entries()) {
      const units = code.replaceAll(' ', '').match(/.{4}/g) ?? [];
      const glyph = (first + i).toString(16).padStart(4, '0');
      characters.set(glyph, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
    }
  }
  return characters;
}

function textOf(stream: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
  let font: ReadonlyMap<string, string> | undefined;
  let text = '';
  for (const [, name, hex] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|<([0-9a-f]+)>(?=[^\]\n]*\] ?TJ)/gi)) {
    if (name !== undefined) font = fonts.get(name);
    else for (const glyph of hex?.match(/.{4}/g) ?? []) text += font?.get(glyph.toLowerCase()) ?? '';
  }
  return text;
}
