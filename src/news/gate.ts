import { listsOfMailman2 } from '../database/cutover.ts';
import { advanceWatermark, findList, listsGatedToMail } from '../database/lists.ts';
import { hasBeenThere, hasListId } from '../flow/list-marks.ts';
import { Message } from '../message/message.ts';
import { headerAddress } from '../model/email-address.ts';
import { type MailingList, postingAddress } from '../model/mailing-list.ts';
import { receivedMessage } from '../mta/reception.ts';
import { runStep } from '../queue/enqueue.ts';
import type { Services } from '../queue/step.ts';
import { NewsRefusalError, NewsTroubleError } from './errors.ts';
import { type GroupRange, NewsClient } from './news-client.ts';
import { newsServerOf } from './news-server.ts';

/** What came of one list. */
export interface Gated {
  readonly listId: string;
  readonly posted: number;
  /** Why it could not be finished. */
  readonly error?: string;
}

/**
 * Brings new articles of newsgroups to the lists that want them (`gateway_to_mail`), each of them once: the article is in
 * the queue `in` in the same moment as the list's watermark passes it. A list that is polled for the first time begins
 * with what comes next. Lists that Mailman 2 still has in charge are left to it.
 */
export async function gateNews(services: Services): Promise<Gated[]> {
  const { connection } = services.database;
  const lists = await listsGatedToMail(connection);
  if (lists.length === 0) return [];
  const elsewhere = await listsOfMailman2(connection);
  const results: Gated[] = [];
  for (const list of lists) {
    if (elsewhere.has(list.listId) || list.settings.linked_newsgroup === '') continue;
    results.push(await gateList(services, list));
  }
  return results;
}

async function gateList(services: Services, list: MailingList): Promise<Gated> {
  const { listId } = list;
  const { log, config } = services;
  const server = newsServerOf(config, list);
  if (!server) {
    log('fromusenet', `${listId}: no news server is named`);
    return { listId, posted: 0, error: 'no news server is named' };
  }
  const count = { posted: 0 };
  try {
    const client = await NewsClient.open(server);
    try {
      await gateFrom(client, services, list, count);
    } finally {
      client.close();
    }
    return { listId, ...count };
  } catch (error) {
    if (!(error instanceof NewsTroubleError || error instanceof NewsRefusalError)) throw error;
    log('fromusenet', `NNTP error for list ${listId}: ${error.message}`);
    return { listId, ...count, error: error.message };
  }
}

async function gateFrom(
  client: NewsClient,
  services: Services,
  list: MailingList,
  count: { posted: number },
): Promise<void> {
  const { log } = services;
  const { listId } = list;
  const range = await client.group(list.settings.linked_newsgroup);
  log('fromusenet', `${listId}: [${range.first}..${range.last}]`);
  const begin = await firstWanted(services, list, range);
  if (begin === undefined) return;
  if (begin > range.last) {
    log('fromusenet', `nothing new for list ${listId}`);
    return;
  }
  log('fromusenet', `gating ${listId} articles [${begin}..${range.last}]`);
  let watermark = list.usenetWatermark;
  const numbers = await client.numbers(list.settings.linked_newsgroup, { first: begin, last: range.last });
  for (const number of numbers ?? countingUp(begin, range.last)) {
    const article = await client.article(number);
    if (article === undefined) continue;
    if (article === 'too large') {
      log('fromusenet', `${listId}: article ${number} is too large`);
      continue;
    }
    const outcome = await takeArticle(services, listId, { article, from: watermark, to: number });
    // Another process does it.
    if (outcome === 'overtaken') return;
    watermark = number;
    if (outcome === 'posted') count.posted += 1;
  }
  await runStep(services, ({ connection }) => advanceWatermark(connection, listId, watermark, range.last));
  log('fromusenet', `posted to list ${listId}: ${count.posted}`);
}

function* countingUp(first: number, last: number): Generator<number> {
  for (let number = first; number <= last; number += 1) yield number;
}

/** Undefined where there is nothing to do but to remember where the group is. */
async function firstWanted(
  services: Services,
  { listId, usenetWatermark }: MailingList,
  { first, last }: GroupRange,
): Promise<number | undefined> {
  // A server that counts from the beginning again has been set up anew.
  const isKnown = usenetWatermark !== null && usenetWatermark <= Math.max(last, first);
  if (isKnown) return Math.max(usenetWatermark + 1, first);
  const end = Math.max(last, 0);
  await runStep(services, ({ connection }) => advanceWatermark(connection, listId, usenetWatermark, end));
  services.log('fromusenet', `${listId} caught up to article ${end}`);
  return undefined;
}

async function takeArticle(
  services: Services,
  listId: string,
  { article, from, to }: { readonly article: Buffer; readonly from: number | null; readonly to: number },
): Promise<'posted' | 'passed over' | 'overtaken'> {
  return runStep(services, async (step) => {
    if (!(await advanceWatermark(step.connection, listId, from, to))) return 'overtaken';
    const list = await findList(step.connection, listId);
    const post = list && asPost(article, list);
    if (!post) return 'passed over';
    await step.enqueue('in', post, {
      listid: listId,
      to_list: true,
      fromusenet: true,
      original_size: article.length,
      received_time: step.clock.now(),
    });
    return 'posted';
  });
}

/** The article as a post of the list; undefined where it came from the list. */
function asPost(article: Buffer, list: MailingList): Buffer | undefined {
  const message = Message.parse(article);
  const { headers } = message;
  if (hasListId(list, headers) || hasBeenThere(list, headers)) return undefined;
  for (const value of headers.getAll('To')) headers.append('X-Originally-To', value);
  headers.delete('To');
  headers.append('To', headerAddress(postingAddress(list)));
  return receivedMessage(message.toBuffer(), undefined);
}
