import { type Role, roles } from '../model/enums.ts';

/** The roles that can be asked for by name, in the order in which messages list them. */
export const roleNames = ['owner', 'moderator', 'nonmember', 'member', 'administrator'] as const;

export type RoleName = (typeof roleNames)[number];

/** The roles that a name stands for. */
export function rolesNamed(name: RoleName | 'all' | 'any'): readonly Role[] {
  if (name === 'all' || name === 'any') return roles;
  return name === 'administrator' ? ['owner', 'moderator'] : [name];
}
