import complaints from './complaints/routes.ts';
import documentDuties from './documents/duty-routes.ts';
import documentsDue from './documents/routes.ts';
import ratings from './ratings/routes.ts';
import roster from './roster/routes.ts';

/** What a contract asks for besides availability and repair: documents, complaints, ratings, duty on holidays. */
export const duties = [documentDuties, documentsDue, complaints, ratings, roster];
