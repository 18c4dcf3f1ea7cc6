import { join } from 'node:path';
import { FerrymanError } from '../../src/errors.ts';
import { PickleError } from '../pickle/errors.ts';
import { readPickle } from '../pickle/reader.ts';
import { numberOf, type PickleValue, PyBytes, PyDict, PyTuple } from '../pickle/values.ts';
import { readIfThere, readSourceFile } from '../site/source-file.ts';
import type { SourceList } from '../site/source-list.ts';
import { flattenMessage } from './flatten.ts';

/** A request.pck or a held message cannot be read; the message names the file. */
export class RequestsError extends FerrymanError {
  override name = 'RequestsError';
}

/** A post that waits for a moderator of Mailman 2.1. */
export interface HeldPost {
  readonly id: number;
  /** Epoch seconds. */
  readonly at: number;
  readonly sender: string;
  /** The raw header, one character per byte. */
  readonly rawSubject: string;
  readonly reason: string;
  /** In the site's `data`. */
  readonly file: string;
  readonly metadata: PyDict;
}

/** A person who waits to become a member. */
export interface HeldSubscription {
  readonly id: number;
  readonly at: number;
  readonly address: string;
  readonly name: string;
  readonly password: string;
  readonly digest: boolean;
  readonly language: string;
}

/** A member who waits to leave. */
export interface HeldUnsubscription {
  readonly id: number;
  readonly address: string;
}

/** What waits for the moderators of a list. */
export interface Requests {
  readonly posts: readonly HeldPost[];
  readonly subscriptions: readonly HeldSubscription[];
  readonly unsubscriptions: readonly HeldUnsubscription[];
  /** Entries that are not as they should be. */
  readonly odd: readonly string[];
}

const NO_REQUESTS: Requests = { posts: [], subscriptions: [], unsubscriptions: [], odd: [] };

/** The numbers by which Mailman 2.1 tells them apart. */
const HELD_POST = 1;
const SUBSCRIPTION = 2;
const UNSUBSCRIPTION = 3;

/** Names that Mailman gives to held messages; nothing else is opened. */
const HELD_FILE = /^heldmsg-[^/\0]+-\d+\.(?:pck|txt)$/;

/** The requests of a list, by number. @throws RequestsError */
export function readRequests({ folder, texts }: Pick<SourceList, 'folder' | 'texts'>): Requests {
  const path = join(folder, 'request.pck');
  const bytes = readIfThere(path);
  if (!bytes) return NO_REQUESTS;
  const value = readDict(bytes, path);
  const posts: HeldPost[] = [];
  const subscriptions: HeldSubscription[] = [];
  const unsubscriptions: HeldUnsubscription[] = [];
  const odd: string[] = [];
  for (const [key, entry] of value) {
    if (texts.read(key, path) === 'version') continue;
    const id = numberOf(key);
    const [kind, data] = entry instanceof PyTuple ? entry.items : [];
    const read = (part: PickleValue | undefined, isSecret = false): string =>
      texts.read(part, `request ${id}`, isSecret) ?? '';
    const items = data instanceof PyTuple || Array.isArray(data) ? [...data] : undefined;
    if (id === undefined || !Number.isSafeInteger(id)) odd.push('a request without a number');
    else if (kind === HELD_POST && items) {
      const post = readPost(id, items, read);
      if (post) posts.push(post);
      else odd.push(`held message ${id}`);
    } else if (kind === SUBSCRIPTION && items) {
      const [at, address, name, password, digest, language] = items;
      subscriptions.push({
        id,
        at: numberOf(at) ?? 0,
        address: read(address),
        name: read(name),
        password: read(password, true),
        digest: (numberOf(digest) ?? 0) !== 0,
        language: read(language),
      });
    } else if (kind === UNSUBSCRIPTION && data !== undefined) {
      unsubscriptions.push({ id, address: read(items ? items[0] : data) });
    } else odd.push(`request ${id}`);
  }
  return {
    posts: posts.sort(byId),
    subscriptions: subscriptions.sort(byId),
    unsubscriptions: unsubscriptions.sort(byId),
    odd,
  };
}

/**
 * The bytes of a held message, as Mailman 2.1 would hand them to the mail server; lines end with LF.
 * @param data the site's folder of that name
 * @throws RequestsError, SourceFileError
 */
export function readHeldMessage(data: string, file: string): Buffer {
  if (!HELD_FILE.test(file)) throw new RequestsError(`${file} is no name of a held message`);
  const path = join(data, file);
  const bytes = readSourceFile(path);
  if (file.endsWith('.txt')) return bytes;
  try {
    return flattenMessage(readPickle(bytes));
  } catch (error) {
    if (!(error instanceof FerrymanError) && !(error instanceof PickleError)) throw error;
    throw new RequestsError(`${path} cannot be read: ${error.message}`);
  }
}

/** The dictionary in a file. @throws RequestsError */
export function readDict(bytes: Uint8Array, path: string): PyDict {
  try {
    const value = readPickle(bytes);
    if (value instanceof PyDict) return value;
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw new RequestsError(`${path} is damaged: ${error.message}`);
  }
  throw new RequestsError(`${path} is a pickle, but not of a dictionary`);
}

function readPost(
  id: number,
  items: readonly PickleValue[],
  read: (part: PickleValue | undefined) => string,
): HeldPost | undefined {
  const [at, sender, subject, reason, file, metadata] = items;
  const time = numberOf(at);
  const fileName = read(file);
  if (time === undefined || fileName === '') return undefined;
  return {
    id,
    at: time,
    sender: read(sender),
    rawSubject: rawText(subject),
    reason: read(reason),
    file: fileName,
    metadata: metadata instanceof PyDict ? metadata : new PyDict(),
  };
}

function rawText(value: PickleValue | undefined): string {
  if (value instanceof PyBytes) return value.latin1;
  return typeof value === 'string' ? Buffer.from(value, 'utf8').toString('latin1') : '';
}

function byId(one: { readonly id: number }, other: { readonly id: number }): number {
  return one.id - other.id;
}
