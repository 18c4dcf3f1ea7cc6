import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { QueueFileError, queueFiles, readQueueFile } from '../../migrate/queues/queue-files.ts';
import type { Site } from '../../migrate/site/site.ts';
import { namesIn } from '../../migrate/site/source-file.ts';
import type { Config } from '../../src/config/index.ts';
import { findDomain } from '../../src/database/domains.ts';
import type { Connection } from '../../src/database/handle.ts';
import { entriesOfStages, relaysOf } from '../../src/database/queue-entries.ts';
import { notAcceptedHere } from '../../src/database/shadow-posts.ts';
import { FerrymanError } from '../../src/errors.ts';
import { Message } from '../../src/message/message.ts';
import { stageDomain } from '../../src/model/cutover.ts';
import { StepRefusedError } from './context.ts';

const run = promisify(execFile);

/** A list does not get quiet: there is always a post on its way. */
export class NotQuietError extends FerrymanError {
  override name = 'NotQuietError';
}

/** Where posts may be on their way. */
export interface Surroundings {
  readonly config: Config;
  readonly connection: Connection;
  readonly site: Site;
}

/** A list by its names on both sides. */
export interface QuietList {
  readonly listId: string;
  readonly listName: string;
  readonly mailHost: string;
  readonly mailman2Name: string;
}

const PAUSE_MS = 50;

/** Octets of its list. */
const MOST_OF_QUEUE = 64 * 1024 * 1024;

/**
 * Waits until no post that both systems have got is still to be worked on by one of them.
 * @param limitMs after which it is given up
 * @throws NotQuietError telling where the last one was
 */
export async function waitForQuiet(around: Surroundings, list: QuietList, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  for (;;) {
    const busy = await whereBusy(around, list);
    if (busy === undefined) return;
    if (performance.now() > end) {
      throw new NotQuietError(
        `${list.listId}: a post was still ${busy} after all the time that new ones may wait; nothing was changed`,
      );
    }
    await sleep(PAUSE_MS);
  }
}

/**
 * Where a post of the list, that both systems have got, is still to be worked on: in Postfix's queue, in Mailman 2's, or
 * here; undefined where there is none. In the order that mail takes, so that none slips past: one that waited for an earlier
 * change of sides goes out to Postfix, and with it to Mailman 2.
 */
export async function whereBusy(
  { config, connection, site }: Surroundings,
  list: QuietList,
): Promise<string | undefined> {
  return (
    (await onItsWay(connection, list.listId)) ??
    (await inPostfix(config, await addressesOf(config, connection, list))) ??
    inMailman2(site, list.mailman2Name) ??
    (await outOfMailman2(connection, site, list)) ??
    (await here(connection, list.listId))
  );
}

/** Whether an address, lower case, is that of the list at Mailman 2 or at a stage; what waits for a hand-over does not count. */
type IsOfList = (local: string, domain: string) => boolean;

async function addressesOf(
  { cutover }: Config,
  connection: Connection,
  { listName, mailHost, mailman2Name }: QuietList,
): Promise<IsOfList> {
  const aliasDomain = (await findDomain(connection, mailHost))?.aliasDomain ?? '';
  const stages = (['observe', 'alongside'] as const).map((stage) => stageDomain(stage, aliasDomain));
  const ours = new Set([mailHost, ...stages]);
  return (local, domain) =>
    (local === listName && ours.has(domain)) ||
    (local === mailman2Name && (cutover.mailman2_domain === '' || cutover.mailman2_domain === domain));
}

/**
 * Postfix looks at one queue after the other: what goes from one to the next meanwhile may be missed, but hardly twice. While it
 * is down, or being started anew, nobody knows what is there.
 */
async function inPostfix(
  { cutover: { postconf_command } }: Config,
  isOfList: IsOfList,
): Promise<string | undefined> {
  const [program = '', ...options] = postconf_command.split(/\s+/);
  const postqueue = join(program, '..', 'postqueue');
  for (let looks = 0; looks < 2; looks += 1) {
    const listing = await queueOf(postqueue, options);
    if (listing === undefined) return "in Postfix's queue, for all that is known while it is down,";
    const entries = listing.split('\n').filter((line) => line !== '');
    if (entries.some((line) => recipientsOf(line).some(([local, domain]) => isOfList(local, domain))))
      return "in Postfix's queue";
  }
  return undefined;
}

/** What postqueue says where the part of Postfix that lists the queue is not there, or breaks off. */
const DOWN = /mail system is down|showq/i;

/** @returns undefined where Postfix does not answer now. @throws StepRefusedError where it cannot be read */
async function queueOf(postqueue: string, options: readonly string[]): Promise<string | undefined> {
  try {
    return (await run(postqueue, [...options, '-j'], { maxBuffer: MOST_OF_QUEUE })).stdout;
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    const reason = (stderr || message).trim().split('\n').at(-1) ?? '';
    if (DOWN.test(reason)) return undefined;
    throw new StepRefusedError(
      `Postfix's queue cannot be read (${reason}): may this account use ${postqueue}?`,
    );
  }
}

function recipientsOf(line: string): [string, string][] {
  const { recipients } = JSON.parse(line) as { recipients: readonly { readonly address: string }[] };
  return recipients.map(({ address }) => {
    const at = address.lastIndexOf('@');
    return [address.slice(0, at).toLowerCase(), address.slice(at + 1).toLowerCase()];
  });
}

function inMailman2(site: Site, mailman2Name: string): string | undefined {
  if (namesIn(join(site.path, 'qfiles', 'in')).length === 0) return undefined;
  const waiting = queueFiles(site)
    .filter(({ queue }) => queue === 'in')
    .some((file) => isFor(file, mailman2Name));
  return waiting ? "in Mailman 2's queue" : undefined;
}

/**
 * Mailman 2 has accepted a post that this server has not, and its logs tell of it when it has sent it: until then nobody here
 * knows that it goes on its way.
 */
async function outOfMailman2(
  connection: Connection,
  site: Site,
  { listId, mailman2Name }: QuietList,
): Promise<string | undefined> {
  if (namesIn(join(site.path, 'qfiles', 'out')).length === 0) return undefined;
  const notAccepted = await notAcceptedHere(connection, listId);
  if (notAccepted.size === 0) return undefined;
  const waiting = queueFiles(site)
    .filter(({ queue }) => queue === 'out')
    .some((file) => isFor(file, mailman2Name, notAccepted));
  return waiting ? 'on its way out of Mailman 2' : undefined;
}

/** One that cannot be read has gone to work, or away, since it was listed: the next look tells. */
function isFor(
  file: ReturnType<typeof queueFiles>[number],
  mailman2Name: string,
  messageIds?: ReadonlySet<string>,
): boolean {
  try {
    const { listName, message } = readQueueFile(file);
    if (listName !== mailman2Name) return false;
    return !messageIds || messageIds.has(Message.parse(message).headers.get('Message-ID') ?? '');
  } catch (error) {
    if (error instanceof QueueFileError) return true;
    throw error;
  }
}

async function onItsWay(connection: Connection, listId: string): Promise<string | undefined> {
  return (await relaysOf(connection, listId)) > 0 ? 'on its way to Mailman 2' : undefined;
}

async function here(connection: Connection, listId: string): Promise<string | undefined> {
  return (await entriesOfStages(connection, listId, ['observe', 'alongside'])) > 0
    ? 'in a queue here'
    : undefined;
}
