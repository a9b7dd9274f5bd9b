/** One benchmark: what it shows, and how to run it. Returns Markdown. */
export interface Benchmark {
  readonly name: string;
  readonly about: string;
  run(): Promise<string>;
}
