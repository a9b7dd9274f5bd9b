import { type Document, isNode, LineCounter, parseDocument } from 'yaml';

/** One thing that is wrong in a scenario file. Lines and columns count from 1. */
export interface Problem {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A scenario file that can't be used; every problem is named with its place. */
export class ScenarioError extends Error {
  readonly problems: readonly Problem[];
  constructor(file: string, problems: readonly Problem[]) {
    super(problems.map((p) => `${file}:${p.line}:${p.column} ${p.path || '/'}: ${p.message}`).join('\n'));
    this.name = 'ScenarioError';
    this.problems = problems;
  }
}

export type Path = readonly (string | number)[];

/** A YAML text with a memory of where everything stands. */
export class Source {
  readonly value: unknown;
  readonly problems: Problem[] = [];
  readonly #doc: Document;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#doc = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
    for (const error of this.#doc.errors) this.#add([], error.pos[0], `not YAML: ${error.message}`);
    this.value = this.problems.length > 0 ? null : this.#doc.toJS({ maxAliasCount: 20 });
  }

  /** Notes a problem at `path`, or at its nearest ancestor that is there. */
  fault(path: Path, message: string): void {
    for (let depth = path.length; depth >= 0; depth--) {
      const node = depth === 0 ? this.#doc.contents : this.#doc.getIn(path.slice(0, depth), true);
      if (!isNode(node) || !node.range) continue;
      this.#add(path, node.range[0], message);
      return;
    }
    this.#add(path, 0, message);
  }

  #add(path: Path, offset: number, message: string): void {
    const { line, col } = this.#lines.linePos(offset);
    this.problems.push({ path: path.map((p) => `/${p}`).join(''), line, column: col, message });
  }
}
