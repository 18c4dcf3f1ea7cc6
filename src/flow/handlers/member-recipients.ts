import type { Connection } from '../../database/handle.ts';
import { findList } from '../../database/lists.ts';
import { findMembers } from '../../database/members.ts';
import { allRecipients, type PostRecipient, regularRecipients } from '../../database/recipients.ts';
import type { Message } from '../../message/message.ts';
import { addressKey } from '../../model/email-address.ts';
import type { MailingList } from '../../model/mailing-list.ts';
import { verifiesListPassword } from '../../moderation/list-passwords.ts';
import type { Step } from '../../queue/step.ts';
import { mailboxesIn } from '../mailboxes.ts';
import { type Handler, type Post, RejectPost } from '../post.ts';
import { senderKeys } from '../senders.ts';

/** Recipients by key: nobody gets a post twice, however many lists bring it. */
type Recipients = Map<string, string>;

export const memberRecipients: Handler = {
  name: 'member-recipients',
  description: 'Finds the members that a post goes to.',
  process: async (post, step) => {
    const { list, metadata } = post;
    if (metadata.recipients) return;
    const isUrgent = await checkUrgent(post, step);
    const recipients: Recipients = new Map();
    if (isUrgent) {
      for (const member of await allRecipients(step.connection, list.listId)) add(recipients, member);
    } else {
      await addMembers(recipients, post, step);
      await excludeSisters(recipients, post, step);
      await includeSisters(recipients, post, step);
    }
    metadata.recipients = [...recipients.values()];
  },
};

function add(recipients: Recipients, { email, originalEmail }: PostRecipient): void {
  if (!recipients.has(email)) recipients.set(email, originalEmail);
}

/**
 * A password of the list in `Urgent:` sends a post at once to everybody, also to those with digests or without delivery.
 * @throws RejectPost where it is none
 */
async function checkUrgent({ list, message }: Post, { connection }: Step): Promise<boolean> {
  const password = message.headers.get('Urgent');
  if (password === undefined) return false;
  if (await verifiesListPassword(connection, list, password, ['admin', 'moderator', 'poster'])) return true;
  throw new RejectPost(['The header Urgent of the message does not hold a password of the list']);
}

async function addMembers(recipients: Recipients, post: Post, { config, connection }: Step): Promise<void> {
  const { list, message, metadata } = post;
  const { topics_enabled } = list.settings;
  const [author] = senderKeys(message, metadata, config.mailman.sender_headers);
  const query = { withTopics: topics_enabled, author };
  for (const member of await regularRecipients(connection, list.listId, query)) {
    if (!topics_enabled || wantsTopics(member, metadata.topichits ?? [])) add(recipients, member);
  }
}

/** Whoever has chosen no topic wants all posts. */
function wantsTopics({ topics, receiveUnmatchedTopics }: PostRecipient, hits: readonly string[]): boolean {
  if (topics === null || topics.length === 0) return true;
  return hits.length === 0 ? receiveUnmatchedTopics : topics.some((topic) => hits.includes(topic));
}

/** Members of an excluded list that the post is addressed to as well get it from there. */
async function excludeSisters(
  recipients: Recipients,
  post: Post,
  { config, connection }: Step,
): Promise<void> {
  const { list, message, metadata } = post;
  const { regular_exclude_lists, regular_exclude_ignore } = list.settings;
  const destinations = destinationKeys(message);
  for (const address of regular_exclude_lists.map(addressKey)) {
    if (!destinations.has(address)) continue;
    const sister = await findSister(connection, list, address);
    if (!sister) continue;
    if (regular_exclude_ignore) {
      const senders = senderKeys(message, metadata, config.mailman.sender_headers);
      if ((await findMembers(connection, sister.listId, 'member', senders)).size === 0) continue;
    }
    for (const { email } of await regularRecipients(connection, sister.listId)) recipients.delete(email);
  }
}

/** Members of an included list get the post too, unless it is addressed to that list as well, or is their own and they want none. */
async function includeSisters(
  recipients: Recipients,
  post: Post,
  { config, connection }: Step,
): Promise<void> {
  const { list, message, metadata } = post;
  const { regular_include_lists } = list.settings;
  if (regular_include_lists.length === 0) return;
  const destinations = destinationKeys(message);
  const [author] = senderKeys(message, metadata, config.mailman.sender_headers);
  for (const address of regular_include_lists.map(addressKey)) {
    if (destinations.has(address)) continue;
    const sister = await findSister(connection, list, address);
    if (!sister) continue;
    for (const member of await regularRecipients(connection, sister.listId, { author }))
      add(recipients, member);
  }
}

async function findSister(
  connection: Connection,
  list: MailingList,
  address: string,
): Promise<MailingList | undefined> {
  const sister = address.includes('@') ? await findList(connection, address) : undefined;
  return sister?.listId === list.listId ? undefined : sister;
}

function destinationKeys({ headers }: Message): Set<string> {
  return new Set(mailboxesIn(headers, 'To', 'Cc').map(({ address }) => addressKey(address)));
}
