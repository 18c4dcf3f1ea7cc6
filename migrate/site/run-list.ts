import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Connection } from '../../src/database/handle.ts';
import { lockList } from '../../src/database/lists.ts';
import {
  deleteMigratedItems,
  findMigratedSource,
  insertMigratedItems,
  migratedItems,
  putMigratedSource,
} from '../../src/database/migrated-items.ts';
import { FerrymanError } from '../../src/errors.ts';
import type { ListRules } from '../../src/lists/create.ts';
import { type MailingList, postingAddress } from '../../src/model/mailing-list.ts';
import type { Clock } from '../../src/queue/step.ts';
import { applyHeldPosts } from '../held/apply-held.ts';
import { applyHeldRequests } from '../held/apply-requests.ts';
import { RequestsError, readDict, readRequests } from '../held/requests.ts';
import type { Reconciler } from '../import21/apply-members.ts';
import { importInto } from '../import21/index.ts';
import { type Changes, changedNothing, type ImportReport, type Note, Notes } from '../import21/report.ts';
import { applyConfirmations, type ConfirmationChanges } from '../pending/apply-confirmations.ts';
import { readConfirmations } from '../pending/confirmations.ts';
import { applyBounces } from '../queues/apply-bounces.ts';
import { applyQueueEntries, type LoadedEntry } from '../queues/apply-queues.ts';
import type { RegisteredBounce } from '../queues/bounce-files.ts';
import { applyDigestPosts, digestPosts } from './digest-posts.ts';
import { numberSetting, type Site } from './site.ts';
import { namesIn, readIfThere, readSourceFile, statOf } from './source-file.ts';
import { type DomainOf, openLiveList, openSourceList, type SourceList, targetName } from './source-list.ts';
import { steadyDigest } from './steady-part.ts';
import { unknownDomain } from './unknown-domain.ts';

/** What one list is brought over with. */
export interface RunListOptions {
  readonly domainOf: DomainOf;
  readonly clock: Clock;
  readonly style: string;
  readonly language: string;
  readonly rules: ListRules;
  /** Seconds that moderators have for requests here. */
  readonly moderatorLife: number;
  readonly siteOwner: string;
  /** Undefined where they are left to Mailman 2.1, which is still in use. */
  readonly bounces: readonly RegisteredBounce[] | undefined;
  /** Undefined where queues are not to come. */
  readonly queued: readonly LoadedEntry[] | undefined;
  readonly progress: (done: number, total: number) => void;
  /** Decides about memberships beside the file. */
  readonly reconciler?: Reconciler;
  /** Also where its files are those that came over before: what was changed here since is undone. */
  readonly again?: boolean;
  /** It is done again and again: where a post was counted and nothing else, members are left alone. */
  readonly isFollowing?: boolean;
}

/** What became of one list. */
export interface ListOutcome {
  readonly name: string;
  readonly list: string;
  readonly created: boolean;
  /** Settings and members; undefined where config.pck and templates are those that came over before. */
  readonly config: ImportReport | undefined;
  readonly held_posts: Changes;
  readonly held_subscriptions: Changes;
  readonly held_unsubscriptions: Changes;
  readonly confirmations: ConfirmationChanges;
  readonly digest_posts: Changes;
  readonly bounces: Changes;
  readonly queued: Changes | null;
  /** Why what waits for moderators and for answers could not be read, and stays as it came before; null where it could. */
  readonly unread: string | null;
  readonly notes: readonly Note[];
}

const NOTHING: Changes = { added: 0, updated: 0, removed: 0, unchanged: 0 };

/** What of config.pck came over last, without what each post counts. */
const STEADY = 'config.pck, steady part';

/** In Mailman 2.1, in seconds. */
const DEFAULT_PENDING_LIFE = 3 * 86_400;

/**
 * Brings one list over, or up to date, in the transaction of the caller.
 * @throws FerrymanError naming the list
 */
export async function runList(
  connection: Connection,
  site: Site,
  name: string,
  options: RunListOptions,
): Promise<ListOutcome> {
  const source = options.isFollowing ? openLiveList(site, name) : openSourceList(site, name);
  const notes = new Notes();
  for (const problem of source.damaged)
    notes.needsPerson('config.pck', `${problem}; ${source.configPath} was read instead`);
  const target = targetName(site, source, options.domainOf);
  const address = postingAddress(target);
  const config = await bringConfig(connection, source, address, options);
  const domain = unknownDomain(site, name, target.mailHost, options.domainOf);
  if (config?.created && domain !== undefined) notes.needsPerson('host_name', domain);
  const list = await lockList(connection, address);
  if (!list) throw new FerrymanError(`${address} is gone`);
  const waiting = await bringWaiting(connection, site, list, source, options, notes);
  for (const file of ['request.pck', 'pending.pck']) await keepSource(connection, list.listId, source, file);
  return {
    name,
    list: address,
    created: config?.created ?? false,
    config,
    ...waiting,
    digest_posts: await applyDigestPosts(connection, list, digestPosts(source), options.clock.now()),
    bounces: options.bounces ? await applyBounces(connection, list, options.bounces) : NOTHING,
    queued: options.queued
      ? await applyQueueEntries(connection, list, options.queued, options.clock, options.siteOwner)
      : null,
    notes: [...notes.all, ...misread(source)],
  };
}

/** Whether a list is as it was before. */
export function outcomeChangedNothing(outcome: ListOutcome): boolean {
  const { config, confirmations, queued, held_posts, held_subscriptions, held_unsubscriptions } = outcome;
  const groups = [
    held_posts,
    held_subscriptions,
    held_unsubscriptions,
    confirmations.changes,
    outcome.digest_posts,
    outcome.bounces,
    queued ?? NOTHING,
  ];
  return (
    (config === undefined || changedNothing(config)) &&
    groups.every(({ added, updated, removed }) => added + updated + removed === 0)
  );
}

/** Settings, members and templates, unless their files are those that came over before. */
async function bringConfig(
  connection: Connection,
  source: SourceList,
  address: string,
  { rules, style, language, progress, reconciler, again, isFollowing }: RunListOptions,
): Promise<ImportReport | undefined> {
  const existing = await lockList(connection, address);
  const digest = folderDigest(source);
  const known = existing && (await migratedItems(connection, existing.listId, 'config'));
  if (!again && known?.get('config.pck')?.digest === digest) return undefined;
  const steady = isFollowing ? steadyDigest(source.config) : undefined;
  const report = await importInto(connection, source.config, {
    listSpec: address,
    source: source.configPath,
    languages: rules.languages,
    listDir: source.folder,
    create: { style, rules, language },
    keep: false,
    reconciler,
    isCountedOnly: steady !== undefined && known?.get(STEADY)?.digest === steady,
    dryRun: false,
    progress,
  });
  const listId = existing?.listId ?? (await lockList(connection, address))?.listId ?? '';
  await deleteMigratedItems(connection, listId, 'config', ['config.pck', STEADY]);
  await insertMigratedItems(connection, listId, 'config', [
    { sourceId: 'config.pck', digest, target: listId },
    ...(steady === undefined ? [] : [{ sourceId: STEADY, digest: steady, target: listId }]),
  ]);
  return report;
}

/** What waits for moderators, and for answers to mail. */
async function bringWaiting(
  connection: Connection,
  site: Site,
  list: MailingList,
  source: SourceList,
  { clock, moderatorLife }: RunListOptions,
  notes: Notes,
): Promise<
  Pick<ListOutcome, 'held_posts' | 'held_subscriptions' | 'held_unsubscriptions' | 'confirmations' | 'unread'>
> {
  const now = clock.now();
  const unread = {
    held_posts: NOTHING,
    held_subscriptions: NOTHING,
    held_unsubscriptions: NOTHING,
    confirmations: { changes: NOTHING, expired: 0, obsolete: 0 },
  };
  try {
    const requests = readRequests(source);
    for (const problem of requests.odd)
      notes.needsPerson('request.pck', `${problem} is not understood; left out`);
    const held = await applyHeldPosts(connection, list, source, site, requests.posts, notes);
    const people = await applyHeldRequests(connection, list, requests, { now, moderatorLife }, notes);
    const life = numberSetting(site, 'PENDING_REQUEST_LIFE') ?? DEFAULT_PENDING_LIFE;
    const context = { now, life, requestIds: held.requestIds };
    return {
      held_posts: held.changes,
      held_subscriptions: people.subscriptions,
      held_unsubscriptions: people.unsubscriptions,
      confirmations: await applyConfirmations(connection, list, readConfirmations(source), context, notes),
      unread: null,
    };
  } catch (error) {
    // What came over before stays: a damaged file says nothing about it.
    if (!(error instanceof RequestsError)) throw error;
    notes.needsPerson('requests', error.message);
    return { ...unread, unread: error.message };
  }
}

/** Keeps a file for the way back; one that cannot be read is left alone, as it was when nothing of it came over. */
async function keepSource(
  connection: Connection,
  listId: string,
  { folder }: SourceList,
  file: string,
): Promise<void> {
  const content = readIfThere(join(folder, file));
  const known = await findMigratedSource(connection, listId, file);
  if (content === undefined || known?.equals(content) || !isReadable(content, file)) return;
  await putMigratedSource(connection, listId, file, [content]);
}

function isReadable(content: Buffer, file: string): boolean {
  try {
    readDict(content, file);
    return true;
  } catch (error) {
    if (!(error instanceof RequestsError)) throw error;
    return false;
  }
}

/** Of all files that settings, members and templates come from. */
function folderDigest(source: SourceList): string {
  const hash = createHash('sha256').update(source.digest);
  for (const language of namesIn(source.folder)) {
    const folder = join(source.folder, language);
    if (!statOf(folder)?.isDirectory()) continue;
    for (const file of namesIn(folder)) {
      if (!statOf(join(folder, file))?.isFile()) continue;
      const content = readSourceFile(join(folder, file));
      hash.update(`${language}/${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

function misread({ texts }: SourceList): Note[] {
  return texts.misread.map(({ where, problem }) => ({ kind: 'needs_person', subject: where, text: problem }));
}
