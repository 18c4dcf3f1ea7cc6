import { findList } from '../database/lists.ts';
import { NoSuchListError } from '../flow/errors.ts';
import { Message } from '../message/message.ts';
import { newMessageId } from '../message/message-id.ts';
import type { MailingList } from '../model/mailing-list.ts';
import type { Consumer, EntryKeeper } from '../queue/engine.ts';
import type { QueueEntry } from '../queue/entry.ts';
import { later } from '../queue/later.ts';
import { NewsRefusalError, NewsTroubleError } from './errors.ts';
import { NewsClient } from './news-client.ts';
import { newsServerOf } from './news-server.ts';
import { newsgroupsIn, prepareArticle } from './prepare-article.ts';

/** Pauses between attempts, in seconds: the first, and the longest. */
const FIRST_PAUSE = 60;
const LONGEST_PAUSE = 900;

/** The answer of a server that does not like the article itself (RFC 3977 6.3.1), or knows its Message-ID. */
const POSTING_FAILED = 441;

/** What works on the queue `nntp`: posts an entry to the newsgroup of its list. */
export const newsConsumer: Consumer = {
  concurrency: 2,
  consume: async (entry, keeper) => {
    const list = await listOf(entry, keeper);
    try {
      await postArticle(entry, list, keeper);
    } catch (error) {
      if (!(error instanceof NewsTroubleError)) throw error;
      await tryLater(entry, keeper, error);
      return;
    }
    await keeper.inStep(entry, async (step) => {
      step.log('fromusenet', `${list.listId}: posted to ${list.settings.linked_newsgroup}`);
      await keeper.finish(step, entry);
    });
  },
};

async function listOf({ metadata }: QueueEntry, { services }: EntryKeeper): Promise<MailingList> {
  const list = await findList(services.database.connection, metadata.listid ?? '');
  if (!list) throw new NoSuchListError(`No such list: ${metadata.listid ?? 'none named'}`);
  return list;
}

async function postArticle(entry: QueueEntry, list: MailingList, { services }: EntryKeeper): Promise<void> {
  const server = newsServerOf(services.config, list);
  const { linked_newsgroup } = list.settings;
  // Nobody is to get it any more.
  if (!server || linked_newsgroup === '') return;
  const message = Message.parse(entry.message);
  prepareArticle(message, list, services.config);
  const client = await NewsClient.open(server);
  try {
    await client.post(message.toBuffer());
  } catch (error) {
    if (!(error instanceof NewsRefusalError) || error.code !== POSTING_FAILED) throw error;
    await settleRefusal(client, message, list, error);
  } finally {
    client.close();
  }
}

/**
 * A Message-ID that the server knows is that of a post which is there already (it was posted, and then this server died),
 * or of one that another list has brought into another group. That one goes out under another Message-ID.
 * @throws NewsRefusalError where there is another reason
 */
async function settleRefusal(
  client: NewsClient,
  message: Message,
  list: MailingList,
  refusal: NewsRefusalError,
): Promise<void> {
  const { headers } = message;
  const messageId = headers.get('Message-ID') ?? '';
  const groups = await client.newsgroupsOf(messageId);
  if (groups === undefined) throw refusal;
  if (newsgroupsIn(groups).includes(list.settings.linked_newsgroup)) return;
  headers.set('Message-ID', newMessageId(list.mailHost));
  headers.set('X-Mailman-Original-Message-ID', messageId);
  // Answers to the other copy stand beside this one.
  headers.set('References', `${headers.get('References') ?? ''} ${messageId}`.trim());
  await client.post(message.toBuffer());
}

/** @throws NewsTroubleError where `[mta] delivery_retry_period` is over, which sets the post aside */
async function tryLater(entry: QueueEntry, keeper: EntryKeeper, trouble: NewsTroubleError): Promise<void> {
  const { clock, config, log } = keeper.services;
  const now = clock.now();
  const { metadata, attempts } = entry;
  const until = metadata.deliver_until ?? later(now, config.mta.delivery_retry_period);
  log('fromusenet', `${metadata.listid}: not posted: ${trouble.message}`);
  if (now > until) throw trouble;
  const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(attempts, 10));
  await keeper.inStep(entry, (step) =>
    keeper.putBack(step, entry, {
      runAt: later(now, pause),
      metadata: { ...metadata, deliver_until: until },
      attempts: attempts + 1,
      error: trouble.message,
    }),
  );
}
