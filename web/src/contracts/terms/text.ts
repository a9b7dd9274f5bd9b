import { type Document, isCollection, isNode, isPair, LineCounter, type Node, parseDocument, stringify } from 'yaml';
import { stepsOf } from './document.ts';

export type Format = 'yaml' | 'json';

export function write(value: unknown, format: Format): string {
  return format === 'json'
    ? `${JSON.stringify(value, null, 2)}\n`
    : stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}

export interface TextFault {
  /** From 1. */
  readonly line: number;
  readonly message: string;
}

export interface Read {
  /** What the text says; undefined while it can't be read. */
  readonly value: unknown;
  readonly faults: readonly TextFault[];
  /** The line, from 1, on which the value of a JSON pointer stands, or of what holds it if it is missing. */
  readonly lineOf: (pointer: string) => number;
}

/** JSON is YAML, so one reader takes both; days stay text, as the schema of YAML's core has them. Aliases could blow up: there are none. */
export function read(text: string): Read {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const faults = document.errors.map(({ pos, message }) => ({ line: lines.linePos(pos[0]).line, message }));
  const lineOf = (pointer: string) => lines.linePos(offsetOf(document, stepsOf(pointer))).line;
  if (faults.length > 0) return { value: undefined, faults, lineOf };
  try {
    return { value: document.toJS({ maxAliasCount: 0 }), faults, lineOf };
  } catch (error) {
    return { value: undefined, faults: [{ line: 1, message: String(error) }], lineOf };
  }
}

function offsetOf(document: Document.Parsed, steps: readonly string[]): number {
  let here: Node | null = document.contents;
  let offset = startOf(here);
  for (const step of steps) {
    if (!isCollection(here)) break;
    const pair = here.items.find((item) => isPair(item) && isNode(item.key) && String(item.key.toJSON()) === step);
    const next: unknown = isPair(pair) ? pair.value : here.get(Number(step), true);
    // The key tells the line: a value may begin on the one after it.
    if (isPair(pair) && isNode(pair.key)) offset = startOf(pair.key);
    else if (isNode(next)) offset = startOf(next);
    else break;
    here = isNode(next) ? next : null;
  }
  return offset;
}

const startOf = (node: Node | null): number => node?.range?.[0] ?? 0;
