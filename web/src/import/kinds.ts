/** The tables that can be imported and exported, in the order in which an empty platform needs them. */
export const IMPORT_KINDS = ['regions', 'sites', 'stations', 'devices', 'sims'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export function asKind(value: string, fallback: ImportKind): ImportKind {
  return (IMPORT_KINDS as readonly string[]).includes(value) ? (value as ImportKind) : fallback;
}

/** Uploads beyond it are refused by the server; said before anything is sent. */
export const MAX_FILE_BYTES = 50 * 1024 * 1024;

/** Why a file is not worth sending, as a key under `import.refused`, or null. */
export function refusal(file: { readonly name: string; readonly size: number }): string | null {
  if (/\.(xlsx?|et|ods|numbers)$/i.test(file.name)) return 'spreadsheet';
  if (file.size === 0) return 'empty';
  return file.size > MAX_FILE_BYTES ? 'large' : null;
}

/** Rows that an import would not leave as they are. */
export function changesOf(report: { readonly created: number; readonly updated: number }): number {
  return report.created + report.updated;
}
