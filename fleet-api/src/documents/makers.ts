import { REPORT_DOCUMENT, reportMaker } from '../reports/maker.ts';
import { STATEMENT_DOCUMENT, statementMaker } from '../settlement/exports/maker.ts';
import type { DocumentMaker, MakerDeps } from './types.ts';

/** Every kind of document and who makes it. A capability adds its line here. */
export const MAKERS: Readonly<Record<string, (deps: MakerDeps) => DocumentMaker>> = {
  [REPORT_DOCUMENT]: reportMaker,
  [STATEMENT_DOCUMENT]: statementMaker,
};
