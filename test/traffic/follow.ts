import { findList } from '../../src/database/lists.ts';
import { deleteMembers, findMembers, updateMember } from '../../src/database/members.ts';
import { deletePendingOf } from '../../src/database/pending.ts';
import { subscribe } from '../../src/membership/subscribe.ts';
import { openRequest } from '../../src/membership/workflow/requests.ts';
import type { DeliveryMode, DeliveryStatus } from '../../src/model/enums.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import type { Member } from '../../src/model/member.ts';
import { stepOn } from '../../src/queue/enqueue.ts';
import { type RecordedCase, recordedListAddress } from '../support/recorded-traffic.ts';
import type { Outcome } from './outcome.ts';
import type { Site } from './site.ts';
import type { ListState } from './state.ts';

/**
 * Brings the members, their bounce scores and the number of the next post to where Mailman 2.1 has them after a case, so
 * that one difference does not show again in all cases that follow.
 */
export async function follow(
  site: Site,
  recorded: RecordedCase,
  theirs: Outcome,
  ours: Outcome,
  before: readonly ListState[],
): Promise<void> {
  const { list, state_diff } = recorded.case;
  for (const then of before) {
    const prefix = then.name === list ? '' : `${then.name}: `;
    const own = (lines: readonly string[]): string[] =>
      lines
        .filter((line) => (prefix === '' ? !/^[^ ]+: /.test(line) : line.startsWith(prefix)))
        .map((line) => line.slice(prefix.length));
    await site.services.database.transaction(async (connection) => {
      const found = await findList(connection, recordedListAddress(then.name));
      if (!found) throw new Error(`${then.name} is not there`);
      const [wanted, present] = [
        own([...theirs.members, ...theirs.bounces]),
        own([...ours.members, ...ours.bounces]),
      ];
      const undone = present.filter((line) => !wanted.includes(line));
      const missing = wanted.filter((line) => !present.includes(line));
      const change = { connection, list: found, then };
      for (const line of undone) await undo(change, line);
      for (const line of missing) await redo(change, line);
      await followRequests(site, change, undone, missing);
      const postId = state_diff[then.name]?.config?.post_id?.[1];
      if (typeof postId === 'number')
        await connection('mailing_list').where('list_id', found.listId).update({ post_id: postId });
    });
  }
}

/** Whom Mailman 2.1 asked the moderators about at once, where ours has to be confirmed first. */
async function followRequests(
  { services }: Site,
  { connection, list }: Change,
  undone: readonly string[],
  missing: readonly string[],
): Promise<void> {
  for (const [kind, verb] of [
    ['subscription', 'join'],
    ['unsubscription', 'leave'],
  ] as const) {
    const [unasked, asked] = [`has to confirm to ${verb} `, `asks moderators to ${verb} `];
    const emails = undone
      .filter((line) => line.startsWith(unasked))
      .map((line) => line.slice(unasked.length));
    await deletePendingOf(connection, list.listId, kind, emails);
    for (const line of missing.filter((one) => one.startsWith(asked))) {
      const mailbox = { address: line.slice(asked.length), displayName: '' };
      await openRequest(stepOn(services, connection), list, { kind, tokenOwner: 'moderator', mailbox });
    }
  }
}

interface Change {
  readonly connection: Parameters<typeof findList>[0];
  readonly list: MailingList;
  readonly then: ListState;
}

async function undo({ connection, list, then }: Change, line: string): Promise<void> {
  const [what, email = ''] = line.split(' ');
  const member = (await findMembers(connection, list.listId, 'member', [email])).get(email);
  const old = then.memberships.get(email);
  if (what === 'joined' && member) await deleteMembers(connection, [member.memberId]);
  else if (what === 'left' && old) await takeBack(connection, list, old);
  else if (old && ['mode', 'options', 'score', 'status'].includes(what ?? ''))
    await updateMember(connection, old);
}

/** The address may have gone with the membership. */
async function takeBack(connection: Change['connection'], list: MailingList, old: Member): Promise<void> {
  const mailbox = { address: old.originalEmail, displayName: old.displayName };
  await subscribe(connection, list, [mailbox], { role: 'member', verified: true });
  const member = (await findMembers(connection, list.listId, 'member', [old.email])).get(old.email);
  if (member)
    await updateMember(connection, { ...old, memberId: member.memberId, addressId: member.addressId });
}

async function redo({ connection, list }: Change, line: string): Promise<void> {
  const [what, email = '', value = ''] = line.split(' ');
  const member = (await findMembers(connection, list.listId, 'member', [email])).get(email);
  if (what === 'joined') {
    await subscribe(connection, list, [{ address: email, displayName: '' }], {
      role: 'member',
      verified: true,
      deliveryMode: deliveryMode(value),
    });
  } else if (member && what === 'left') await deleteMembers(connection, [member.memberId]);
  else if (member) await updateMember(connection, changed(member, what, value));
}

function changed(member: Member, what: string | undefined, value: string): Member {
  const { preferences } = member;
  switch (what) {
    case 'mode':
      return { ...member, preferences: { ...preferences, delivery_mode: deliveryMode(value) } };
    case 'status':
      return { ...member, preferences: { ...preferences, delivery_status: value as DeliveryStatus } };
    case 'options': {
      const bits = Number(value);
      return {
        ...member,
        receiveUnmatchedTopics: (bits & 64) !== 0,
        preferences: {
          ...preferences,
          receive_own_postings: (bits & 2) === 0,
          acknowledge_posts: (bits & 4) !== 0,
          hide_address: (bits & 16) !== 0,
          receive_list_copy: (bits & 256) === 0,
        },
      };
    }
    case 'score':
      return { ...member, bounce: { ...member.bounce, score: Number(value) } };
    default:
      return member;
  }
}

function deliveryMode(value: string): DeliveryMode {
  return value === 'digest' ? 'plaintext_digests' : 'regular';
}
