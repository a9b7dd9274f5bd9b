import { type Contract, checkContract, type Flaw } from '@uptally/sla';
import { parseDocument, stringify } from 'yaml';

/** A document as it was handed in. */
export interface Given {
  readonly text?: string;
  readonly document?: unknown;
}

export interface Read {
  readonly contract: Contract | null;
  /** As it was handed in, with its comments; YAML if it came as JSON data. */
  readonly text: string;
  readonly flaws: readonly DocumentFlaw[];
}

/** Like a {@link Flaw} of the core, with codes of reading and of the registry besides. */
export interface DocumentFlaw {
  readonly path: string;
  readonly code: string;
  readonly reason: string;
}

/** Reads and checks a document. Text may be YAML 1.2 or JSON, which YAML includes; aliases are refused (they can be bombs). */
export function readDocument({ text, document }: Given): Read {
  const source = text ?? yamlOf(document ?? null);
  const parsed = text === undefined ? { value: document, flaws: [] } : parse(text);
  if (parsed.flaws.length > 0) return { contract: null, text: source, flaws: parsed.flaws };
  const flaws: readonly Flaw[] = checkContract(parsed.value);
  return { contract: flaws.length === 0 ? (parsed.value as Contract) : null, text: source, flaws };
}

function parse(text: string): { readonly value: unknown; readonly flaws: readonly DocumentFlaw[] } {
  const refused = (reason: string) => ({ value: null, flaws: [{ path: '', code: 'not_readable', reason }] });
  const read = parseDocument(text, { schema: 'core', uniqueKeys: true, prettyErrors: true });
  const [error] = read.errors;
  if (error !== undefined) return refused(error.message.slice(0, 500));
  try {
    return { value: read.toJS({ maxAliasCount: 0 }), flaws: [] };
  } catch (cause) {
    return refused(cause instanceof Error ? cause.message : String(cause));
  }
}

/** The document as people edit it. */
export function yamlOf(contract: unknown): string {
  return stringify(contract, { lineWidth: 120, aliasDuplicateObjects: false });
}
