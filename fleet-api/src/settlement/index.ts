import documents from './documents/routes.ts';

/** Capabilities of settlement: contracts as data, statements, their archive, money at risk. */
export const settlement = [documents];
