import calendar from './calendar/routes.ts';
import closings from './closing/routes.ts';
import contracts from './contracts/routes.ts';
import exports_ from './export/routes.ts';
import figures from './figures/routes.ts';
import timelines from './timeline/routes.ts';

/** Capabilities of availability: what is owed, what was delivered, why, and what has been settled. */
export const availability = [contracts, calendar, figures, timelines, closings, exports_];
