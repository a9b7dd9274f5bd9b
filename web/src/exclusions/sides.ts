import type { Exclusion } from './useExclusions.ts';

interface Person {
  readonly orgId: number;
  readonly orgKind: string;
  readonly mayDecide: boolean;
}

/**
 * Why somebody may not decide a proposal: it is their own side's (`own`), their organisation is no party (`party`), their role decides
 * nothing (`role`), it reaches beyond their regions (`scope`), or its time is part of a closed period (`closed`). Null if they may, or if there is nothing to decide any more.
 */
export function whyNotDecide(
  exclusion: Pick<Exclusion, 'state' | 'actions' | 'proposed'> & { readonly closed_periods: readonly object[] },
  person: Person,
): 'closed' | 'own' | 'party' | 'role' | 'scope' | null {
  if (exclusion.state !== 'proposed' || exclusion.actions.includes('approve')) return null;
  if (exclusion.closed_periods.length > 0) return 'closed';
  if (person.orgKind !== 'agency' && person.orgKind !== 'contractor') return 'party';
  const { org } = exclusion.proposed;
  if (person.orgId === org.id || person.orgKind === org.kind) return 'own';
  return person.mayDecide ? 'scope' : 'role';
}

/** Whether a person's organisation may propose under a contract at all. */
export function isPartyOf(
  contract: {
    readonly is_baseline: boolean;
    readonly agency: { id: number } | null;
    readonly contractor: { id: number } | null;
  },
  person: Pick<Person, 'orgId' | 'orgKind'>,
): boolean {
  if (contract.is_baseline) return person.orgKind === 'agency' || person.orgKind === 'contractor';
  return contract.agency?.id === person.orgId || contract.contractor?.id === person.orgId;
}

/** Time that stops counting as down, ms, over both dimensions; null where it could not be computed. */
export function downTaken(effect: {
  readonly exact: {
    readonly network: { down_ms: number } | null;
    readonly equipment: { down_ms: number } | null;
  } | null;
}): { readonly network: number | null; readonly equipment: number | null } | null {
  if (effect.exact === null) return null;
  return { network: effect.exact.network?.down_ms ?? null, equipment: effect.exact.equipment?.down_ms ?? null };
}
