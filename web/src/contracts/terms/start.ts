import { addDays } from '../../format/zones.ts';
import type { Contract } from '../useContracts.ts';
import { type Draft, entriesOf, plain } from './document.ts';

/** A preset with the names, days and zone of the contract at hand: what remains to be put in is the amounts. */
export function startFrom(preset: Draft, contract: Contract): Draft {
  const draft = plain(preset);
  const orgs: Record<string, { name: string } | null> = { agency: contract.agency, contractor: contract.contractor };
  for (const party of entriesOf(draft, 'parties')) {
    const org = orgs[String(party.role)];
    if (org) party.name = { zh: org.name, en: org.name };
  }
  // One of each side signs; a preset with several contractors has them for the parts of its own term.
  const parties = entriesOf(draft, 'parties').filter(
    (party, i, all) => all.findIndex((p) => p.role === party.role) === i,
  );
  // Parts of the preset's own term would not part this one.
  const readings = entriesOf(draft, 'interpretations').filter(({ field }) => field !== 'sub_periods');
  const to = contract.term_to ?? addDays(contract.term_from, 365);
  return {
    ...draft,
    code: contract.code,
    name: { zh: contract.name, en: contract.name },
    time_zone: contract.time_zone,
    term: { from: contract.term_from, to },
    calendar: plain(contract.calendar),
    parties,
    sub_periods: [],
    interpretations: readings,
  };
}
