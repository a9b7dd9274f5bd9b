/** Kinds of files that are taken. */
export const MEDIA_TYPES = ['application/pdf', 'image/png', 'image/jpeg'] as const;
export type MediaType = (typeof MEDIA_TYPES)[number];
/** Those of them that a camera or a drawn signature makes. */
export const IMAGE_TYPES: readonly MediaType[] = ['image/png', 'image/jpeg'];

/** How files of a kind begin (PDF 32000-1 7.5.2, PNG 5.2, JFIF B.1.1.3) and how their names end. */
const KINDS: readonly { readonly type: MediaType; readonly magic: Buffer; readonly endings: readonly string[] }[] = [
  { type: 'application/pdf', magic: Buffer.from('%PDF-', 'latin1'), endings: ['.pdf'] },
  { type: 'image/png', magic: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), endings: ['.png'] },
  { type: 'image/jpeg', magic: Buffer.from([0xff, 0xd8, 0xff]), endings: ['.jpg', '.jpeg'] },
];

/** Bytes that tell the kind. */
export const MAGIC_BYTES = 8;

/** The kind of a file by how its content begins; what its name or sender claims does not matter. Null: none that is taken. */
export function mediaTypeOf(content: Buffer): MediaType | null {
  return KINDS.find(({ magic }) => content.subarray(0, magic.length).equals(magic))?.type ?? null;
}

const MAX_NAME_CHARS = 100;

/**
 * A name that is safe to show, to save and to put into a header: no path, no control or invisible characters (a right-to-left
 * override makes `exe.gpj` of `jpg.exe`), none that Windows refuses, with an ending that fits the content.
 */
export function safeName(name: string | undefined, type: MediaType): string {
  const endings = KINDS.find((kind) => kind.type === type)?.endings ?? [];
  const last = (name ?? '').normalize('NFC').split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  const ending = endings.find((end) => clean.toLowerCase().endsWith(end));
  const stem = ending === undefined ? clean : clean.slice(0, -ending.length);
  return `${[...stem].slice(0, MAX_NAME_CHARS).join('') || 'file'}${ending ?? endings[0] ?? ''}`;
}

/** `Content-Disposition` of a download (RFC 6266): never shown in place. */
export function attachment(name: string): string {
  const ascii = name.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const extended = encodeURIComponent(name).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${extended}`;
}
