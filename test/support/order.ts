import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest, most of it waiting for devices to be missed: begun first, so that the rest runs beside it. */
const FIRST = ['incident.system', 'truth.db', 'repair.browser', 'first-run.browser', 'crash.system', 'recount.db'];

/** Vitest's own order on a fresh clone is by size of the file, which says nothing about time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const found = FIRST.findIndex((name) => moduleId.includes(`${name}.test.`));
      return found === -1 ? FIRST.length : found;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}
