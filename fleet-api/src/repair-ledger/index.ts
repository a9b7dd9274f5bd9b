import ledger from './routes.ts';

export { isConfirmed, type LedgerState, ledgerState } from './figures.ts';
/** The maintenance ledger 维修台账 (R-QH-3). */
export const repairLedger = [ledger];
