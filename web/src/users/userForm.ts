import type { Role } from './useUsers.ts';

/** A login as the server wants it. */
export const LOGIN = /^[A-Za-z0-9][A-Za-z0-9._@-]{1,63}$/;

export interface UserForm {
  readonly name: string;
  readonly role: Role;
  readonly orgId: number;
  readonly phone: string;
  readonly regionIds: number[] | null;
}

/** The request of a filled form. The organisation is the administrators' to choose. */
export function userBody(form: UserForm, withOrg: boolean) {
  return {
    name: form.name.trim(),
    role: form.role,
    phone: form.phone.trim() || null,
    region_ids: form.regionIds,
    ...(withOrg ? { org_id: form.orgId } : {}),
  };
}
