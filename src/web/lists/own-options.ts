import { rosterEntry } from '../../database/roster.ts';
import { addressKey } from '../../model/email-address.ts';
import type { Member } from '../../model/member.ts';
import type { EffectivePreferences } from '../../model/preferences.ts';
import { ForbiddenError, SignInNeededError } from '../errors.ts';
import { type DoorVisit, isManagedHere, ownMemberships } from './list-door.ts';

/** A membership of the viewer, with what applies to it in the end. */
export interface OwnMembership {
  readonly member: Member;
  readonly preferences: EffectivePreferences;
  /** All addresses with which the viewer is on the list. */
  readonly addresses: readonly string[];
}

/**
 * The membership that a form or an address (`email`) names among the viewer's; else the first.
 * @returns undefined where the viewer is no member
 */
export async function ownMembership(visit: DoorVisit): Promise<OwnMembership | undefined> {
  const { form, query, list, services } = visit;
  const members = await ownMemberships(visit);
  const wanted = addressKey(form.get('member') ?? query.get('email') ?? '');
  const member = members.find(({ email }) => email === wanted) ?? members[0];
  if (!member) return undefined;
  const entry = await rosterEntry(
    services.database.connection,
    member.memberId,
    list.settings.preferred_language,
  );
  return (
    entry && { member, preferences: entry.preferences, addresses: members.map((one) => one.originalEmail) }
  );
}

/**
 * The same for a form that acts on it.
 * @throws SignInNeededError, ForbiddenError where the viewer is not that member, or Mailman 2 still manages the member
 */
export async function requireOwnMembership(visit: DoorVisit): Promise<OwnMembership> {
  const { viewer, form } = visit;
  if (!viewer) throw new SignInNeededError('sign in first');
  const own = await ownMembership(visit);
  if (!own || own.member.email !== addressKey(form.get('member') ?? '')) throw new ForbiddenError();
  if (!(await isManagedHere(visit, own.member))) throw new ForbiddenError('error_mailman2');
  return own;
}
