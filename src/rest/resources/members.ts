import { preferredAddress } from '../../database/addresses.ts';
import { findList } from '../../database/lists.ts';
import { findMember, rosterEntriesOf } from '../../database/member-pages.ts';
import { findMembers, updateMember } from '../../database/members.ts';
import { findUser } from '../../database/users.ts';
import { refuseChangeWhereMailman2InCharge } from '../../membership/mailman2-in-charge.ts';
import { MoveMembershipError, moveMembership } from '../../membership/move-membership.ts';
import { changeDeliveryMode } from '../../membership/preferences.ts';
import { type SubscribeOutcome, subscribe } from '../../membership/subscribe.ts';
import { unsubscribe } from '../../membership/unsubscribe.ts';
import { RequestRefused } from '../../membership/workflow/refusal.ts';
import { type Subscriber, subscribeRequest } from '../../membership/workflow/subscription.ts';
import { unsubscribeRequest } from '../../membership/workflow/unsubscription.ts';
import { addressKey } from '../../model/email-address.ts';
import { actions, deliveryModes, deliveryStatuses, type Role, roles } from '../../model/enums.ts';
import { type MailingList, postingAddress } from '../../model/mailing-list.ts';
import type { Member } from '../../model/member.ts';
import { type Answer, accepted, created, noContent, okay } from '../answer.ts';
import { bool, oneOf, oneOfOrBlank, text, texts } from '../converters.ts';
import { badRequest, conflict, noSuchPath, notFound } from '../errors.ts';
import { parseId } from '../ids.ts';
import { parentList, part } from '../lookup.ts';
import { optional, readParameters, required, type ValuesOf } from '../parameters.ts';
import { type Call, type Operation, operation, type Route, route } from '../route.ts';
import { memberLink, memberResources } from '../shapes/member.ts';
import { readSubscriber, subscriber } from '../subscriber.ts';
import { allMembers } from './rosters.ts';

const WHENCE = 'via REST';

const subscription = {
  list_id: required(text, 'The List-Id.'),
  subscriber: required(subscriber, 'An address, or the identifier of a user.'),
  display_name: optional(text, 'The name on this list, and of an address that is new.'),
  role: optional(oneOf(roles), 'Default member.'),
  delivery_mode: optional(oneOf(deliveryModes), 'How posts come.'),
  delivery_status: optional(oneOf(deliveryStatuses), 'Whether posts come.'),
  pre_verified: optional(bool, 'The address belongs to the person.'),
  pre_confirmed: optional(bool, 'The person wants this.'),
  pre_approved: optional(bool, 'The moderators agree.'),
  invitation: optional(bool, 'Invite: the person joins by answering.'),
  send_welcome_message: optional(bool, 'Instead of what the list says.'),
} as const;

type Subscription = ValuesOf<typeof subscription>;

/** `POST /members` */
const join = operation({
  summary: 'Subscribes somebody, or asks for what a subscription still needs.',
  parameters: subscription,
  run: async (call, read) => {
    const wanted = read();
    const list = wanted.list_id.includes('@') ? undefined : await findList(call.connection, wanted.list_id);
    if (!list) throw badRequest('No such list');
    const who = readSubscriber(call.version, wanted.subscriber);
    const named: Subscriber =
      'userId' in who
        ? who
        : { mailbox: { address: wanted.subscriber, displayName: wanted.display_name ?? '' } };
    if ('userId' in who && !(await findUser(call.connection, who.userId))) throw badRequest('No such user');
    return wanted.role === undefined || wanted.role === 'member'
      ? joinAsMember(call, list, named, wanted)
      : joinInRole(call, list, named, { ...wanted, role: wanted.role });
  },
});

async function joinAsMember(
  call: Call,
  list: MailingList,
  named: Subscriber,
  wanted: Subscription,
): Promise<Answer> {
  try {
    const result = await subscribeRequest(call.step, list, named, {
      preVerified: wanted.pre_verified,
      preConfirmed: wanted.pre_confirmed,
      preApproved: wanted.pre_approved,
      invitation: wanted.invitation,
      sendWelcome: wanted.send_welcome_message,
      deliveryMode: wanted.delivery_mode,
      deliveryStatus: wanted.delivery_status,
      whence: WHENCE,
    });
    return result.outcome === 'subscribed'
      ? created(memberLink(call, result.member.memberId))
      : accepted({ token: result.token, token_owner: result.tokenOwner });
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    const isConflict = error.reason === 'already_member' || error.reason === 'pending';
    throw isConflict ? conflict(error.message) : badRequest(error.message);
  }
}

/** Owners, moderators and nonmembers need nobody's word; they are always subscribed by address. */
async function joinInRole(
  call: Call,
  list: MailingList,
  named: Subscriber,
  wanted: Subscription & { readonly role: Role },
): Promise<Answer> {
  const { connection, step } = call;
  const preferred = 'userId' in named ? await preferredAddress(connection, named.userId) : undefined;
  if ('userId' in named && !preferred) throw badRequest('User without preferred address');
  const mailbox =
    'mailbox' in named
      ? named.mailbox
      : { address: preferred?.originalEmail ?? '', displayName: wanted.display_name ?? '' };
  const options = {
    role: wanted.role,
    verified: false,
    deliveryMode: wanted.delivery_mode,
    deliveryStatus: wanted.delivery_status,
  };
  const [outcome = 'invalid'] = await subscribe(connection, list, [mailbox], options, step.clock.now());
  if (outcome !== 'subscribed') throw badRequest(refusalOf(outcome, mailbox.address, wanted.role, list));
  const key = addressKey(mailbox.address);
  const member = (await findMembers(connection, list.listId, wanted.role, [key])).get(key);
  return created(memberLink(call, member?.memberId ?? ''));
}

function refusalOf(outcome: SubscribeOutcome, address: string, role: Role, list: MailingList): string {
  switch (outcome) {
    case 'already':
      return `${address} is already an ${role} of ${postingAddress(list)}`;
    case 'posting_address':
      return 'List posting address cannot be added';
    case 'banned':
      return 'Membership is banned';
    default:
      return 'Not a valid email address';
  }
}

/** How one membership is found: by its identifier, or by list, role and address. */
type FindMember = (call: Call) => Promise<Member>;

const byId: FindMember = async (call) => {
  const memberId = parseId(call.version, part(call, 'member'));
  const member = memberId === undefined ? undefined : await findMember(call.connection, memberId);
  if (!member) throw notFound();
  return member;
};

const inRole =
  (role: Role): FindMember =>
  async (call) => {
    const { listId } = await parentList(call);
    const key = addressKey(part(call, 'email'));
    const member = (await findMembers(call.connection, listId, role, [key])).get(key);
    if (!member) throw noSuchPath();
    return member;
  };

const changes = {
  address: optional(text, 'Another verified address of the same user.'),
  delivery_mode: optional(oneOf(deliveryModes), 'How posts come.'),
  moderation_action: optional(oneOfOrBlank(actions), 'What is done with posts; blank: as the list says.'),
  display_name: optional(text, 'The name on this list.'),
  topics: optional(texts, 'Names of topics; empty: all posts.'),
  receive_unmatched_topics: optional(bool, 'Whether posts that belong to no topic are wanted, too.'),
} as const;

async function change(
  { connection, step }: Call,
  found: Member,
  wanted: ValuesOf<typeof changes>,
): Promise<void> {
  await refuseChangeWhereMailman2InCharge(connection, found);
  let member = found;
  if (wanted.address !== undefined) member = await moved(moveMembership(connection, member, wanted.address));
  const { moderation_action, display_name, topics, receive_unmatched_topics } = wanted;
  member = {
    ...member,
    ...(moderation_action === undefined ? {} : { moderationAction: moderation_action }),
    ...(display_name === undefined ? {} : { displayName: display_name }),
    ...(topics === undefined ? {} : { topics: topics.length === 0 ? null : topics }),
    ...(receive_unmatched_topics === undefined ? {} : { receiveUnmatchedTopics: receive_unmatched_topics }),
  };
  await updateMember(connection, member);
  if (wanted.delivery_mode !== undefined)
    await changeDeliveryMode(connection, member, wanted.delivery_mode, step.clock.now());
}

async function moved(work: Promise<Member>): Promise<Member> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof MoveMembershipError ? badRequest(error.message) : error;
  }
}

const leaving = {
  pre_confirmed: optional(bool, 'The member wants this; default true.'),
  pre_approved: optional(bool, 'The moderators agree; default false.'),
} as const;

async function leave(call: Call, member: Member): Promise<Answer> {
  const list = await findList(call.connection, member.listId);
  if (!list) throw notFound();
  if (member.role !== 'member') {
    await unsubscribe(call.connection, list, member.role, [member.email]);
    return noContent;
  }
  const { pre_confirmed, pre_approved } = readParameters(leaving, call.input, call.step.config);
  const result = await unsubscribeRequest(call.step, list, member.email, {
    preConfirmed: pre_confirmed ?? true,
    preApproved: pre_approved ?? false,
    whence: WHENCE,
  });
  return result.outcome === 'unsubscribed'
    ? noContent
    : accepted({ token: result.token, token_owner: result.tokenOwner });
}

function memberOperations(find: FindMember): Route['methods'] {
  const fields = { fields: optional(texts, 'Only these fields.') } as const;
  const show: Operation = operation({
    summary: 'A membership.',
    run: async (call) => {
      const { memberId } = await find(call);
      const wanted = new Map([...call.input].filter(([name]) => name === 'fields'));
      const { fields: names } = readParameters(fields, wanted, call.step.config);
      const entries = await rosterEntriesOf(call.connection, [memberId]);
      const [resource] = memberResources(call, entries, names);
      if (!resource) throw notFound();
      return okay(resource);
    },
  });
  return {
    GET: show,
    PATCH: operation({
      summary: 'Changes a membership.',
      parameters: changes,
      run: async (call, read) => {
        const member = await find(call);
        await change(call, member, read());
        return noContent;
      },
    }),
    DELETE: operation({
      summary: 'Ends a membership, or asks for what that still needs.',
      parameters: leaving,
      run: async (call) => leave(call, await find(call)),
    }),
  };
}

/** `/members`, and `/lists/{list}/{role}/{email}` */
export const memberRoutes: readonly Route[] = [
  route('/members', { GET: allMembers, POST: join }),
  route('/members/:member', memberOperations(byId)),
  ...roles.map((role) => route(`/lists/:list/${role}/:email`, memberOperations(inRole(role)))),
];
