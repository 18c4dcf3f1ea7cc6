import { join } from 'node:path';
import { collectedPosts } from '../../src/database/digest-messages.ts';
import type { Connection } from '../../src/database/handle.ts';
import { findHeldMessage } from '../../src/database/held-messages.ts';
import { findList } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { migratedItems } from '../../src/database/migrated-items.ts';
import { findPending } from '../../src/database/pending.ts';
import { FerrymanError } from '../../src/errors.ts';
import { isLegacyPassword } from '../../src/membership/passwords.ts';
import { normalizeLineEnds } from '../../src/message/line-ends.ts';
import { addressKey } from '../../src/model/email-address.ts';
import { type MailingList, postingAddress } from '../../src/model/mailing-list.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { exportList } from '../export21/index.ts';
import { readHeldMessage, readRequests } from '../held/requests.ts';
import { readConfirmations } from '../pending/confirmations.ts';
import { readPickle } from '../pickle/reader.ts';
import { PyDict } from '../pickle/values.ts';
import { bounceDigest } from '../queues/apply-bounces.ts';
import { readBounceFiles } from '../queues/bounce-files.ts';
import { digestPosts } from '../site/digest-posts.ts';
import type { Site } from '../site/site.ts';
import { UnreadableFileError } from '../site/source-file.ts';
import {
  type DomainOf,
  openSourceList,
  reasonBesideName,
  type SourceList,
  targetName,
} from '../site/source-list.ts';
import { countedBounces } from './counted-bounces.ts';
import { type ValueDifference, valueDifferences } from './differences.ts';

/** Something that is not here as it is there. */
export interface Difference {
  readonly list: string;
  readonly kind:
    | 'list'
    | 'setting'
    | 'held_post'
    | 'request'
    | 'token'
    | 'digest_post'
    | 'archive'
    | 'archive_message'
    | 'archive_link'
    | 'archive_file';
  readonly subject: string;
  /** For people; null where there is nothing. */
  readonly source: string | null;
  readonly here: string | null;
}

/** What of a list was compared. */
export interface Verified {
  readonly name: string;
  readonly list: string | null;
  readonly compared: {
    readonly settings: number;
    readonly members: number;
    readonly held_posts: number;
    readonly requests: number;
    readonly tokens: number;
    readonly digest_posts: number;
  };
  /** Things that were decided here since they came over; not differences. */
  readonly decided_here: number;
  /** Bounces that were not counted there yet, and are here; not differences. */
  readonly counted_here: readonly string[];
  /** What nobody can read there either, so that it could not come over; not differences. */
  readonly damaged_there: readonly string[];
  readonly differences: readonly Difference[];
}

/** Of one list; more than this are hardly read. */
const MOST_DIFFERENCES = 1000;

/** Hashes and clear texts: a difference is named without them. */
const SECRET = new Set(['password', 'mod_password', 'post_password', 'passwords']);

/** Reads a list there and here again and compares them, field by field and message by message. Never fails. */
export async function verifyList(
  connection: Connection,
  site: Site,
  name: string,
  options: { readonly domainOf: DomainOf; readonly now: UtcTime },
): Promise<Verified> {
  const differences: Difference[] = [];
  const found: Omit<Verified, 'name' | 'differences'> = {
    list: null,
    compared: { settings: 0, members: 0, held_posts: 0, requests: 0, tokens: 0, digest_posts: 0 },
    decided_here: 0,
    counted_here: [],
    damaged_there: [],
  };
  const missing = (text: string): Verified => ({
    name,
    ...found,
    differences: [{ list: name, kind: 'list', subject: text, source: null, here: null }],
  });
  try {
    const source = openSourceList(site, name);
    const address = postingAddress(targetName(site, source, options.domainOf));
    const list = await findList(connection, address);
    if (!list) return missing(`${address} is not here`);
    const comparison = new Comparison(connection, list, source, site, options.now, differences);
    return { name, ...(await comparison.run()), differences: differences.slice(0, MOST_DIFFERENCES) };
  } catch (error) {
    if (!(error instanceof FerrymanError)) throw error;
    return missing(reasonBesideName(error));
  }
}

class Comparison {
  readonly #connection: Connection;
  readonly #list: MailingList;
  readonly #source: SourceList;
  readonly #site: Site;
  readonly #now: UtcTime;
  readonly #differences: Difference[];
  #decidedHere = 0;
  readonly #countedHere: string[] = [];
  readonly #damagedThere: string[] = [];

  constructor(
    connection: Connection,
    list: MailingList,
    source: SourceList,
    site: Site,
    now: UtcTime,
    differences: Difference[],
  ) {
    this.#connection = connection;
    this.#list = list;
    this.#source = source;
    this.#site = site;
    this.#now = now;
    this.#differences = differences;
  }

  async run(): Promise<Omit<Verified, 'name' | 'differences'>> {
    const { settings, members } = await this.#settings();
    const requests = readRequests(this.#source);
    return {
      list: postingAddress(this.#list),
      compared: {
        settings,
        members,
        held_posts: await this.#heldPosts(requests.posts),
        requests: await this.#requests(requests),
        tokens: await this.#tokens(),
        digest_posts: await this.#digest(),
      },
      decided_here: this.#decidedHere,
      counted_here: this.#countedHere,
      damaged_there: this.#damagedThere,
    };
  }

  /** What the list says here, in the words of Mailman 2.1, beside what it says there. */
  async #settings(): Promise<{ readonly settings: number; readonly members: number }> {
    const { files } = await exportList(this.#connection, this.#list, this.#now);
    const here = readPickle(files.get('config.pck') ?? Buffer.alloc(0));
    const { config } = this.#source;
    if (!(here instanceof PyDict)) return { settings: 0, members: 0 };
    const unknown = await this.#withoutClearPassword();
    const found = [...valueDifferences(config, here, '')];
    const counted = await this.#countedBounces(here, found);
    for (const { path, source, here: value } of found) {
      if (counted.some((each) => path.startsWith(each))) continue;
      const [, name = path, key = ''] = /^([^[]+)(?:\[(.*)\])?$/s.exec(path) ?? [];
      // A password that was used or set here is known by a hash of ours only.
      if (this.#isUnknown(name)) {
        this.#decidedHere += 1;
        continue;
      }
      if (name === 'passwords' && unknown.has(addressKey(key))) continue;
      const isSecret = SECRET.has(name);
      this.#differ('setting', path, isSecret ? '(secret)' : source, isSecret ? '(another)' : value);
    }
    const rosters = [config.get('members'), config.get('digest_members')];
    const members = rosters.reduce(
      (sum: number, roster) => sum + (roster instanceof PyDict ? roster.size : 0),
      0,
    );
    return { settings: config.size, members };
  }

  /** @returns paths of what differs because of them */
  async #countedBounces(here: PyDict, found: readonly ValueDifference[]): Promise<readonly string[]> {
    if (found.every(({ path }) => !path.startsWith('bounce_info['))) return [];
    const items = await migratedItems(this.#connection, this.#list.listId, 'bounce');
    const { name, config } = this.#source;
    const own = readBounceFiles(this.#site).bounces.filter(
      (bounce) => bounce.listName === name && items.has(bounceDigest(bounce)),
    );
    const counted = countedBounces({ source: config, here }, own, this.#list.settings);
    const paths: string[] = [];
    for (const one of counted) {
      if (found.every(({ path }) => !one.paths.some((each) => path.startsWith(each)))) continue;
      this.#countedHere.push(one.text);
      paths.push(...one.paths);
    }
    return paths;
  }

  #isUnknown(name: string): boolean {
    const { admin_password, moderator_password, poster_password } = this.#list.settings;
    const stored = {
      password: admin_password,
      mod_password: moderator_password,
      post_password: poster_password,
    };
    const here = Object.entries(stored).find(([key]) => key === name)?.[1];
    return typeof here === 'string' && !isLegacyPassword(here);
  }

  async #withoutClearPassword(): Promise<ReadonlySet<string>> {
    const members = await membersOfList(this.#connection, this.#list.listId, ['member']);
    return new Set(members.filter(({ legacy }) => legacy?.password === undefined).map(({ email }) => email));
  }

  async #heldPosts(posts: ReturnType<typeof readRequests>['posts']): Promise<number> {
    const items = await migratedItems(this.#connection, this.#list.listId, 'held_message');
    for (const post of posts) {
      const subject = `held message ${post.id}`;
      const item = items.get(String(post.id));
      const content = this.#contentOf(post.file);
      if (!item) {
        if (content === undefined) this.#damagedThere.push(`${subject} (${post.file})`);
        else this.#differ('held_post', subject, 'waits', undefined);
        continue;
      }
      const held = await findHeldMessage(this.#connection, this.#list.listId, Number(item.target));
      if (!held) {
        this.#decidedHere += 1;
        continue;
      }
      if (content && !content.equals(held.content))
        this.#differ('held_post', subject, `${content.length} octets`, `${held.content.length} other octets`);
      if (held.sender !== addressKey(post.sender))
        this.#differ('held_post', `${subject}: sender`, post.sender, held.sender);
      const at = utcFromEpoch(post.at);
      if (at !== undefined && at !== held.heldAt)
        this.#differ('held_post', `${subject}: time`, at, held.heldAt);
    }
    return posts.length;
  }

  #contentOf(file: string): Buffer | undefined {
    try {
      return normalizeLineEnds(readHeldMessage(join(this.#site.path, 'data'), file));
    } catch (error) {
      if (!(error instanceof FerrymanError) || error instanceof UnreadableFileError) throw error;
      return undefined;
    }
  }

  async #requests({ subscriptions, unsubscriptions }: ReturnType<typeof readRequests>): Promise<number> {
    for (const [kind, requests] of [
      ['subscription', subscriptions],
      ['unsubscription', unsubscriptions],
    ] as const) {
      const items = await migratedItems(this.#connection, this.#list.listId, kind);
      for (const { id, address } of requests) {
        const item = items.get(String(id));
        const pending = item && (await findPending(this.#connection, item.target, this.#now));
        if (!item) this.#differ('request', `${kind} ${id}`, address, undefined);
        else if (!pending) this.#decidedHere += 1;
        else if (pending.email !== addressKey(address))
          this.#differ('request', `${kind} ${id}`, address, pending.email);
      }
    }
    return subscriptions.length + unsubscriptions.length;
  }

  async #tokens(): Promise<number> {
    const items = await migratedItems(this.#connection, this.#list.listId, 'pending');
    const held = await migratedItems(this.#connection, this.#list.listId, 'held_message');
    const live = readConfirmations(this.#source).known.filter(
      ({ expires }) => (utcFromEpoch(expires) ?? '') > this.#now,
    );
    for (const one of live) {
      if (one.op === 'H' && !held.has(String(one.requestId))) continue;
      const subject = `${one.op} ${one.token.slice(0, 6)}...`;
      const pending = await findPending(this.#connection, one.token, this.#now);
      const expires = utcFromEpoch(one.expires);
      if (!items.has(one.token)) this.#differ('token', subject, expires, undefined);
      else if (!pending) this.#decidedHere += 1;
      else if (pending.expiresAt !== expires) this.#differ('token', subject, expires, pending.expiresAt);
    }
    return live.length;
  }

  async #digest(): Promise<number> {
    const posts = digestPosts(this.#source);
    const items = await migratedItems(this.#connection, this.#list.listId, 'digest');
    const waiting = new Set(
      (await collectedPosts(this.#connection, this.#list.listId)).map(
        ({ digestMessageId }) => digestMessageId,
      ),
    );
    const came = [...items.values()];
    if (came.length !== posts.length)
      this.#differ('digest_post', 'posts of the next digest', String(posts.length), String(came.length));
    this.#decidedHere += came.filter(({ target }) => !waiting.has(target)).length;
    return posts.length;
  }

  #differ(
    kind: Difference['kind'],
    subject: string,
    source: string | undefined,
    here: string | undefined,
  ): void {
    this.#differences.push({
      list: this.#source.name,
      kind,
      subject,
      source: source ?? null,
      here: here ?? null,
    });
  }
}
