import planRoutes from './plan-routes.ts';
import routes from './routes.ts';

/** Plans of inspections, and the visits that they ask for. */
export const inspections = [planRoutes, routes];

export { inspectionFigures } from './figures.ts';
export { generate } from './generate.ts';
export { InspectionMaker } from './worker.ts';
