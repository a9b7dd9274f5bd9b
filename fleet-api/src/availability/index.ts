import { capability } from '../http/capability.ts';
import calendar from './calendar/routes.ts';
import closings from './closing/routes.ts';
import contracts from './contracts/routes.ts';
import { CONTRACT_PARTS } from './contracts/schemas.ts';
import exports_ from './export/routes.ts';
import figures from './figures/routes.ts';
import { FIGURE_PARTS } from './figures/schemas.ts';
import timelines from './timeline/routes.ts';

const parts = capability('availability-parts', async (app) => {
  for (const definition of [...CONTRACT_PARTS, ...FIGURE_PARTS]) app.addSchema(definition);
});

/** Capabilities of availability: what is owed, what was delivered, why, and what has been settled. */
export const availability = [parts, contracts, calendar, figures, timelines, closings, exports_];
