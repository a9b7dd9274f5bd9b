import confirmations from './confirm-routes.ts';
import papers from './paper-routes.ts';
import pauses from './pause-routes.ts';
import photos from './photo-routes.ts';
import orders from './routes.ts';

/** What is done about faults: everything under `/orders`. */
export const workOrders = [orders, pauses, confirmations, photos, papers];
