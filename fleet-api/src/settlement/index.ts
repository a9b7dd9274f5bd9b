import archive from './archive/routes.ts';
import documents from './documents/routes.ts';
import exports_ from './exports/routes.ts';
import inputs from './inputs/routes.ts';
import risk from './risk/routes.ts';
import disputes from './statements/dispute-routes.ts';
import statements from './statements/routes.ts';

export { RestatementWatch } from './restate/watch.ts';
export { RiskWatch } from './risk/watch.ts';

/** Capabilities of settlement: contracts as data, statements, their archive, money at risk. */
export const settlement = [documents, inputs, statements, disputes, archive, risk, exports_];
