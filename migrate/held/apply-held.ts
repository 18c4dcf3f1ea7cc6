import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Connection } from '../../src/database/handle.ts';
import { deleteHeldMessage, heldRequestIds, insertHeldMessage } from '../../src/database/held-messages.ts';
import { deleteMigratedSource, putMigratedSource } from '../../src/database/migrated-items.ts';
import { FerrymanError } from '../../src/errors.ts';
import { decodeHeader } from '../../src/message/encoded-words.ts';
import { normalizeLineEnds } from '../../src/message/line-ends.ts';
import { Message } from '../../src/message/message.ts';
import { addressKey } from '../../src/model/email-address.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { type UtcTime, utcFromEpoch, utcNow } from '../../src/model/time.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import type { Changes, Notes } from '../import21/report.ts';
import { numberOf } from '../pickle/values.ts';
import { digestOf, reconcile, type Wanted } from '../site/reconcile.ts';
import type { Site } from '../site/site.ts';
import { readSourceFile, UnreadableFileError } from '../site/source-file.ts';
import type { SourceList } from '../site/source-list.ts';
import { type HeldPost, readHeldMessage } from './requests.ts';

/** A held post with its bytes. */
interface LoadedPost {
  readonly post: HeldPost;
  readonly content: Buffer;
  /** The file as it lies there. */
  readonly file: Buffer;
}

/** Under which name the file of a held message is kept for the way back; @param id of Mailman 2.1 */
export function heldMessageSource(id: number): string {
  return `heldmsg/${id}`;
}

/**
 * Brings the held posts of a list into its moderation queue, with their times, reasons and senders.
 * @returns what changed, and the request ids here by those of Mailman 2.1
 */
export async function applyHeldPosts(
  connection: Connection,
  list: MailingList,
  source: SourceList,
  site: Site,
  posts: readonly HeldPost[],
  notes: Notes,
): Promise<{ readonly changes: Changes; readonly requestIds: ReadonlyMap<number, number> }> {
  const wanted = posts.flatMap((post): Wanted<LoadedPost>[] => {
    const loaded = loadPost(site, post, notes);
    if (!loaded) return [];
    const { content } = loaded;
    const { id, at, sender, rawSubject, reason } = post;
    return [
      {
        sourceId: String(id),
        digest: digestOf(at, sender, rawSubject, reason, content),
        item: loaded,
      },
    ];
  });
  const { changes, targets } = await reconcile(connection, list.listId, 'held_message', wanted, {
    add: async (item) => {
      const name = heldMessageSource(item.post.id);
      await putMigratedSource(connection, list.listId, name, [gzipSync(item.file)]);
      return String(await insertHeldMessage(connection, toHeldMessage(list, source, item)));
    },
    remove: async (target) => {
      await deleteHeldMessage(connection, Number(target));
    },
  });
  await dropHandled(connection, list.listId, targets);
  return {
    changes,
    requestIds: new Map([...targets].map(([id, target]) => [Number(id), Number(target)])),
  };
}

function loadPost(site: Site, post: HeldPost, notes: Notes): LoadedPost | undefined {
  try {
    const data = join(site.path, 'data');
    const content = normalizeLineEnds(readHeldMessage(data, post.file));
    return { post, content, file: readSourceFile(join(data, post.file)) };
  } catch (error) {
    if (!(error instanceof FerrymanError) || error instanceof UnreadableFileError) throw error;
    notes.needsPerson('held message', `${post.id} from ${post.sender}: ${error.message}; left out`);
    return undefined;
  }
}

/** Once a post has been dealt with here, nothing of it goes back. */
async function dropHandled(
  connection: Connection,
  listId: string,
  targets: ReadonlyMap<string, string>,
): Promise<void> {
  const waiting = new Set(await heldRequestIds(connection, listId));
  const handled = [...targets].filter(([, target]) => !waiting.has(Number(target)));
  for (const [id] of handled) await deleteMigratedSource(connection, listId, heldMessageSource(Number(id)));
}

function toHeldMessage(list: MailingList, { texts }: SourceList, { post, content }: LoadedPost) {
  const { headers } = Message.parse(content);
  return {
    listId: list.listId,
    messageId: headers.get('Message-ID') ?? '',
    sender: addressKey(post.sender),
    subject: decodeHeader(headers.get('Subject') ?? '', { fallbacks: [texts.charset] }),
    reasons: post.reason === '' ? [] : [post.reason.replace(/\s*\n\s*/g, ' ')],
    heldAt: utcFromEpoch(post.at) ?? utcNow(),
    metadata: metadataOf(list, post, texts, content.length),
    content,
  };
}

/** As if the post had been held here. */
function metadataOf(
  list: MailingList,
  { metadata, at, sender, reason }: HeldPost,
  texts: SourceList['texts'],
  size: number,
): MessageMetadata {
  const text = (key: string): string | undefined => texts.read(metadata.get(key), key);
  const received: UtcTime | undefined = utcFromEpoch(numberOf(metadata.get('received_time')) ?? at);
  const lang = text('lang');
  const rejection = text('rejection_notice');
  return {
    listid: list.listId,
    to_list: true,
    original_size: size,
    moderation_reasons: [reason],
    moderation_sender: addressKey(sender),
    ...(received === undefined ? {} : { received_time: received }),
    ...(lang === undefined ? {} : { lang }),
    ...(rejection === undefined ? {} : { rejection_notice: rejection }),
    ...(numberOf(metadata.get('fromusenet')) ? { fromusenet: true } : {}),
    // Mailman 2.1 notes so that the author's domain asked for it; here an accepted post is not asked about again.
    ...(numberOf(metadata.get('from_is_list')) ? { dmarc: true } : {}),
  };
}
