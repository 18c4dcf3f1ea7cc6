import { collectedMessages, insertDigestMessage } from '../../database/digest-messages.ts';
import type { Connection } from '../../database/handle.ts';
import {
  findHeldMessage,
  type HeldMessage,
  heldRequestIds,
  insertHeldMessageAs,
} from '../../database/held-messages.ts';
import {
  allMigratedItems,
  allMigratedSources,
  insertMigratedItems,
  type MigratedItem,
  type MigratedKind,
  migratedKinds,
  putMigratedSource,
} from '../../database/migrated-items.ts';
import { allPendingOf, insertAllPending, type Pending, pendingKinds } from '../../database/pending.ts';
import type { UtcTime } from '../../model/time.ts';
import { newId } from '../../model/uuid.ts';
import type { MessageMetadata } from '../../queue/queues.ts';
import type { Place } from './place.ts';

const LONGEST_MESSAGE_ID = 998;
const LONGEST_ADDRESS = 320;
const LONGEST_TOKEN = 64;
const LONGEST_SOURCE_ID = 200;
const LONGEST_SOURCE_NAME = 40;

/** A post that waits for the next digest. */
interface CollectedInFile {
  readonly collectedAt: UtcTime;
  readonly content: Buffer;
}

/** What waits on a list, and what is known of where it came from. */
export interface Waiting {
  readonly held: readonly HeldMessage[];
  readonly pending: readonly Pending[];
  readonly collected: readonly CollectedInFile[];
  readonly items: readonly (MigratedItem & { readonly kind: MigratedKind })[];
  readonly sources: readonly { readonly name: string; readonly content: Buffer }[];
}

/**
 * @param secrets whether tokens, and files of Mailman 2.1 with its passwords, are shown
 * @param reader by which held posts are read, one by one, when they are asked for
 */
export async function describeWaiting(
  connection: Connection,
  listId: string,
  { secrets, reader }: { readonly secrets: boolean; readonly reader: Connection },
): Promise<Record<string, unknown>> {
  const held = await heldRequestIds(connection, listId);
  const collected = await collectedMessages(connection, listId);
  return {
    held_posts: describeHeld(reader, listId, held),
    digest_posts: collected.map(({ collectedAt, content }) => ({
      collected_at: collectedAt,
      content: content.toString('base64'),
    })),
    ...(secrets ? await describeSecrets(connection, listId) : {}),
  };
}

/** Those that are decided on meanwhile are left out. */
async function* describeHeld(
  reader: Connection,
  listId: string,
  requestIds: readonly number[],
): AsyncGenerator<Record<string, unknown>> {
  for (const requestId of requestIds) {
    const post = await findHeldMessage(reader, listId, requestId);
    if (!post) continue;
    yield {
      request_id: post.requestId,
      message_id: post.messageId,
      sender: post.sender,
      subject: post.subject,
      reasons: post.reasons,
      held_at: post.heldAt,
      metadata: post.metadata,
      content: post.content.toString('base64'),
    };
  }
}

async function describeSecrets(connection: Connection, listId: string): Promise<Record<string, unknown>> {
  const pending = await allPendingOf(connection, listId);
  const items = await allMigratedItems(connection, listId);
  const sources = await allMigratedSources(connection, listId);
  return {
    pending: pending.map((one) => ({
      token: one.token,
      kind: one.kind,
      address: one.email,
      data: one.data,
      created_at: one.createdAt,
      expires_at: one.expiresAt,
    })),
    migrated_items: items.map(({ kind, sourceId, digest, target }) => ({
      kind,
      source_id: sourceId,
      digest,
      target,
    })),
    migrated_files: sources.map(({ name, content }) => ({ name, content: content.toString('base64') })),
  };
}

/** Reads what `describeWaiting` writes; secrets may be missing. @throws ListFileError */
export function readWaiting(place: Place, listId: string): Waiting {
  return {
    held: place
      .at('held_posts')
      .items()
      .map((post) => readHeld(post, listId)),
    collected: place
      .at('digest_posts')
      .items()
      .map((post) => ({
        collectedAt: post.at('collected_at').time(),
        content: post.at('content').base64(),
      })),
    pending: readSecret(place.at('pending'), (one) => readPending(one, listId)),
    items: readSecret(place.at('migrated_items'), (item) => ({
      kind: item.at('kind').oneOf(migratedKinds),
      sourceId: item.at('source_id').text(LONGEST_SOURCE_ID),
      digest: item.at('digest').text(64),
      target: item.at('target').text(64),
    })),
    sources: readSecret(place.at('migrated_files'), (file) => ({
      name: file.at('name').text(LONGEST_SOURCE_NAME),
      content: file.at('content').base64(),
    })),
  };
}

function readSecret<T>(place: Place, read: (item: Place) => T): T[] {
  return place.optional((items) => items.items().map(read)) ?? [];
}

function readHeld(place: Place, listId: string): HeldMessage {
  return {
    requestId: place.at('request_id').whole(1),
    listId,
    messageId: place.at('message_id').text(LONGEST_MESSAGE_ID),
    sender: place.at('sender').text(LONGEST_ADDRESS),
    subject: place.at('subject').text(),
    reasons: place.at('reasons').texts(),
    heldAt: place.at('held_at').time(),
    metadata: heldMetadata(place.at('metadata').object(), listId),
    content: place.at('content').base64(),
  };
}

/** What travels with a post once it is accepted is worked out then: a file says neither which list it is of, nor who gets it. */
const WORKED_OUT_LATER: readonly (keyof MessageMetadata)[] = [
  'recipients',
  'envsender',
  'pipeline',
  'whichq',
  'stage',
  'relayed',
  'shadow_id',
];

function heldMetadata(given: Readonly<Record<string, unknown>>, listId: string): MessageMetadata {
  const metadata: MessageMetadata = { ...given };
  for (const name of WORKED_OUT_LATER) delete metadata[name];
  return metadata.listid === undefined ? metadata : { ...metadata, listid: listId };
}

function readPending(place: Place, listId: string): Pending {
  return {
    token: place.at('token').text(LONGEST_TOKEN),
    listId,
    kind: place.at('kind').oneOf(pendingKinds),
    email: place.at('address').text(LONGEST_ADDRESS),
    data: place.at('data').object(),
    createdAt: place.at('created_at').time(),
    expiresAt: place.at('expires_at').time(),
  };
}

/**
 * Stores what waits on a list that has nothing of it yet. Held posts keep their numbers where nobody has them.
 * @param users which identifiers users have now, where they are others
 */
export async function applyWaiting(
  connection: Connection,
  listId: string,
  { held, pending, collected, items, sources }: Waiting,
  users: ReadonlyMap<string, string>,
): Promise<void> {
  const numbers = new Map<number, number>();
  for (const post of held) numbers.set(post.requestId, await insertHeldMessageAs(connection, post));
  await insertAllPending(
    connection,
    pending.map((one) => ({ ...one, data: withinList(one, pointed(one.data, numbers, users)) })),
  );
  for (const post of collected)
    await insertDigestMessage(connection, { ...post, listId, digestMessageId: newId() });
  for (const [kind, those] of Map.groupBy(items, (item) => item.kind)) {
    const renumbered = those.map((item) => ({
      ...item,
      target: kind === 'held_message' ? String(numbers.get(Number(item.target)) ?? item.target) : item.target,
    }));
    await insertMigratedItems(connection, listId, kind, renumbered);
  }
  for (const { name, content } of sources) await putMigratedSource(connection, listId, name, [content]);
}

/** Who asked for another address asked it of this list: the file has no say about others, or about accounts. */
function withinList({ kind }: Pending, data: Pending['data']): Pending['data'] {
  return kind === 'change_address' ? { ...data, everywhere: false, apart: true } : data;
}

/** What is confirmed names held posts by number and users by identifier. */
function pointed(
  data: Pending['data'],
  numbers: ReadonlyMap<number, number>,
  users: ReadonlyMap<string, string>,
): Pending['data'] {
  const { request_id, user_id } = data;
  return {
    ...data,
    ...(typeof request_id === 'number' ? { request_id: numbers.get(request_id) ?? request_id } : {}),
    ...(typeof user_id === 'string' ? { user_id: users.get(user_id) ?? user_id } : {}),
  };
}
