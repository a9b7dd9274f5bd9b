import life from './life/routes.ts';
import movements from './movements/routes.ts';
import orderParts from './parts/order-routes.ts';
import parts from './parts/routes.ts';
import repairs from './repairs/routes.ts';
import replace from './replace/routes.ts';
import spares from './spares/routes.ts';
import wipes from './wipes/routes.ts';

export { giveBackPart, type PartUse, type UsedPart, usePart } from './parts/use.ts';
export { repairCosts } from './repairs/sql.ts';

/** The stock's capabilities: spares, where devices go, swaps, the repair centre, wiping, parts. See docs/stock.md. */
export const stock = [spares, movements, replace, repairs, wipes, life, parts, orderParts];
