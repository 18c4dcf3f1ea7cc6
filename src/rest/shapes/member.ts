import type { RosterEntry } from '../../database/roster.ts';
import { shownAs } from '../enums.ts';
import { badRequest } from '../errors.ts';
import { idInJson, idInPath } from '../ids.ts';
import type { Call } from '../route.ts';
import { Float, Moment, Never, type Resource, type RestValue } from '../values.ts';
import { addressLink } from './address.ts';
import { userLink } from './user.ts';

type Field = (call: Call, entry: RosterEntry) => RestValue | undefined;

const NEVER = new Never();

/** Mailman's fields in its order; those without a value are left out. */
const FIELDS = {
  address: (call, { member }) => addressLink(call, member.email),
  bounce_score: (_, { member: { bounce } }) =>
    Number.isInteger(bounce.score) ? bounce.score : new Float(bounce.score),
  last_bounce_received: (_, { member: { bounce } }) =>
    bounce.lastReceived === null ? undefined : new Moment(bounce.lastReceived),
  last_warning_sent: (_, { member: { bounce } }) =>
    bounce.lastWarningSent === null ? NEVER : new Moment(bounce.lastWarningSent),
  total_warnings_sent: (_, { member: { bounce } }) => bounce.totalWarningsSent,
  delivery_mode: (_, { preferences }) => shownAs.deliveryMode(preferences.delivery_mode),
  email: (_, { member }) => member.email,
  list_id: (_, { member }) => member.listId,
  subscription_mode: (_, { member }) => shownAs.subscriptionMode(member.subscriptionMode),
  role: (_, { member }) => shownAs.role(member.role),
  user: (call, { userId }) => (userId === null ? undefined : userLink(call, userId)),
  moderation_action: (_, { member: { moderationAction } }) =>
    moderationAction === null ? undefined : shownAs.action(moderationAction),
  display_name: (_, { displayName }) => displayName,
  self_link: (call, { member }) => memberLink(call, member.memberId),
  member_id: (call, { member }) => idInJson(call.version, member.memberId),
} as const satisfies Readonly<Record<string, Field>>;

/** What Mailman does not have; shown to those who ask for it. */
const ADDITIONAL_FIELDS = {
  delivery_status: (_, { preferences }) => shownAs.deliveryStatus(preferences.delivery_status),
  delivery_status_since: (_, { member: { deliveryStatusSince } }) =>
    deliveryStatusSince === null ? undefined : new Moment(deliveryStatusSince),
  original_email: (_, { member }) => member.originalEmail,
  receive_unmatched_topics: (_, { member }) => member.receiveUnmatchedTopics,
  subscribed_at: (_, { member: { subscribedAt } }) =>
    subscribedAt === null ? undefined : new Moment(subscribedAt),
  topics: (_, { member }) => member.topics,
} as const satisfies Readonly<Record<string, Field>>;

const ALL_FIELDS: Readonly<Record<string, Field>> = { ...FIELDS, ...ADDITIONAL_FIELDS };
const NAMES = Object.keys(FIELDS);

/** Where a membership is. */
export function memberLink(call: Call, memberId: string): string {
  return call.link(`/members/${idInPath(call.version, memberId)}`);
}

/**
 * Memberships as the API shows them.
 * @param fields only these; none named means Mailman's
 * @throws RestError 400 where there is no such field
 */
export function memberResources(
  call: Call,
  entries: readonly RosterEntry[],
  fields: readonly string[] = [],
): Resource[] {
  if (entries.length === 0) return [];
  const names = fields.length === 0 ? NAMES : fields;
  const chosen = names.map((name): readonly [string, Field] => {
    const field = Object.hasOwn(ALL_FIELDS, name) ? ALL_FIELDS[name] : undefined;
    if (!field) throw unknownField(name);
    return [name, field];
  });
  return entries.map((entry) => {
    const resource: Resource = {};
    for (const [name, field] of chosen) {
      const value = field(call, entry);
      if (value !== undefined) resource[name] = value;
    }
    return resource;
  });
}

function unknownField(name: string): Error {
  return badRequest(`Unknown field "${name}" for Member resource. Allowed fields are: ${NAMES.join(', ')}`);
}
