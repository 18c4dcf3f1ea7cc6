import type { HeldMessage } from '../../src/database/held-messages.ts';
import type { MigratedItem } from '../../src/database/migrated-items.ts';
import type { Pending } from '../../src/database/pending.ts';
import { Message } from '../../src/message/message.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { epochFromUtc, parseUtc } from '../../src/model/time.ts';
import { type PickleValue, PyBytes, PyDict, PyFloat, PyInstance, PyTuple } from '../pickle/values.ts';
import type { PythonValues } from './python-values.ts';

/** What waits on a list here. */
export interface Waiting {
  readonly list: MailingList;
  readonly held: readonly HeldMessage[];
  readonly pending: readonly Pending[];
  /** What came from Mailman 2.1: the numbers there, by what they became. */
  readonly heldItems: ReadonlyMap<string, MigratedItem>;
  readonly subscriptionItems: ReadonlyMap<string, MigratedItem>;
  readonly unsubscriptionItems: ReadonlyMap<string, MigratedItem>;
  readonly pendingItems: ReadonlyMap<string, MigratedItem>;
  /** The files of held messages as they were, by the number there. */
  readonly formerMessages: ReadonlyMap<number, Buffer>;
  /** request.pck and pending.pck as they were, empty where there were none. */
  readonly formerRequests: PyDict;
  readonly formerPending: PyDict;
}

/** The files of a list that hold what waits; undefined where nothing does. */
export interface WaitingFiles {
  readonly requests: PyDict | undefined;
  readonly pending: PyDict | undefined;
  /** Held messages by file name. */
  readonly messages: ReadonlyMap<string, Buffer>;
  readonly nextRequestId: number;
}

const HELD_POST = 1;
const SUBSCRIPTION = 2;
const UNSUBSCRIPTION = 3;

/** Writes what waits as Mailman 2.1 keeps it; what came from there goes back under its number, as it was. */
export function revertWaiting(waiting: Waiting, values: PythonValues): WaitingFiles {
  const { list } = waiting;
  const former = [...waiting.formerRequests.keys].filter((key) => typeof key === 'number');
  let nextId = Math.max(list.nextRequestId, ...former.map((id) => id + 1));
  const numberOf = (items: ReadonlyMap<string, MigratedItem>, target: string): number => {
    const known = byTarget(items).get(target);
    if (known !== undefined) return known;
    nextId += 1;
    return nextId - 1;
  };
  const requests = new PyDict([[new PyBytes('version'), new PyTuple([0, 1])]]);
  const messages = new Map<string, Buffer>();
  const requestIds = new Map<number, number>();
  for (const held of waiting.held) {
    const id = numberOf(waiting.heldItems, String(held.requestId));
    requestIds.set(held.requestId, id);
    const entry = waiting.formerRequests.get(id);
    const original = waiting.formerMessages.get(id);
    const name = entry === undefined ? undefined : fileNameIn(entry);
    if (original && entry && name !== undefined) {
      requests.set(id, entry);
      messages.set(name, original);
      continue;
    }
    const file = `heldmsg-${list.listName}-${id}.txt`;
    messages.set(file, withLf(held.content));
    requests.set(id, heldEntry(waiting, held, file, values, waiting.formerRequests.get(id)));
  }
  // What never came over, such as a post whose file is damaged, is still there.
  for (const [key, entry] of waiting.formerRequests) {
    const items = [waiting.heldItems, waiting.subscriptionItems, waiting.unsubscriptionItems];
    if (typeof key === 'number' && !items.some((known) => known.has(String(key)))) requests.set(key, entry);
  }
  for (const pending of waiting.pending) {
    if (pending.data.token_owner !== 'moderator') continue;
    const isJoin = pending.kind === 'subscription';
    const items = isJoin ? waiting.subscriptionItems : waiting.unsubscriptionItems;
    const id = numberOf(items, pending.token);
    requests.set(
      id,
      waiting.formerRequests.get(id) ??
        new PyTuple(
          isJoin
            ? [SUBSCRIPTION, joinData(list, pending, values)]
            : [UNSUBSCRIPTION, addressOf(pending, values)],
        ),
    );
  }
  return {
    requests: requests.size > 1 || waiting.formerRequests.size > 0 ? requests : undefined,
    pending: revertPending(waiting, values, requestIds),
    messages,
    nextRequestId: nextId,
  };
}

/**
 * Adds tokens to a pending.pck of Mailman 2.1; those of kinds that it does not have are left out.
 * @param former as it is there; empty where there is none
 * @returns the file, and the tokens that are in it now
 */
export function addTokens(
  list: MailingList,
  former: PyDict,
  pending: readonly Pending[],
  values: PythonValues,
): { readonly file: PyDict | undefined; readonly added: readonly string[] } {
  const tokens = { list, pending, pendingItems: new Map(), formerPending: former };
  const file = revertPending(tokens, values, new Map());
  return { file, added: pending.map(({ token }) => token).filter((token) => file?.has(token)) };
}

/** The same entry with another file name, or a new one. */
function heldEntry(
  { list }: Waiting,
  held: HeldMessage,
  file: string,
  values: PythonValues,
  former: PickleValue | undefined,
): PyTuple {
  const [, data] = former instanceof PyTuple ? former.items : [];
  if (data instanceof PyTuple) {
    const [at = null, sender = null, subject = null, reason = null, , metadata = null] = data.items;
    return new PyTuple([HELD_POST, new PyTuple([at, sender, subject, reason, new PyBytes(file), metadata])]);
  }
  const subject = Message.parse(held.content).headers.get('Subject') ?? '';
  const received = parseUtc(held.metadata.received_time ?? '') ?? held.heldAt;
  const metadata = new PyDict([
    [new PyBytes('listname'), new PyBytes(list.listName)],
    [new PyBytes('lang'), values.bytes(held.metadata.lang ?? list.settings.preferred_language)],
    [new PyBytes('received_time'), new PyFloat(epochFromUtc(received))],
    [new PyBytes('tolist'), 1],
    [new PyBytes('version'), 3],
    [new PyBytes('_parsemsg'), true],
  ]);
  return new PyTuple([
    HELD_POST,
    new PyTuple([
      new PyFloat(epochFromUtc(held.heldAt)),
      values.bytes(held.sender),
      new PyBytes(subject),
      values.bytes(held.reasons.join('; ') || 'n/a'),
      new PyBytes(file),
      metadata,
    ]),
  ]);
}

/** Where Mailman 2.1 keeps the message of an entry; only a plain name counts. */
function fileNameIn(entry: PickleValue): string | undefined {
  const data = entry instanceof PyTuple ? entry.items[1] : undefined;
  const file = data instanceof PyTuple ? data.items[4] : undefined;
  const name = file instanceof PyBytes ? file.latin1 : file;
  return typeof name === 'string' && /^heldmsg-[^/\0]+$/.test(name) ? name : undefined;
}

function revertPending(
  {
    list,
    pending,
    pendingItems,
    formerPending,
  }: Pick<Waiting, 'list' | 'pending' | 'pendingItems' | 'formerPending'>,
  values: PythonValues,
  requestIds: ReadonlyMap<number, number>,
): PyDict | undefined {
  const former = formerPending.get('evictions');
  const evictions = new PyDict();
  const result = new PyDict();
  for (const one of pending) {
    const token = new PyBytes(one.token);
    const entry = formerPending.get(one.token) ?? pendingEntry(list, one, values, requestIds);
    if (entry === undefined) continue;
    result.set(token, entry);
    const evicted = former instanceof PyDict ? former.get(one.token) : undefined;
    evictions.set(token, evicted ?? new PyFloat(epochFromUtc(one.expiresAt)));
  }
  for (const [key, entry] of formerPending) {
    const token = key instanceof PyBytes ? key.latin1 : key;
    if (typeof token !== 'string' || token === 'evictions' || token === 'version') continue;
    if (pendingItems.has(token)) continue;
    result.set(key, entry);
    const evicted = former instanceof PyDict ? former.get(key) : undefined;
    if (evicted !== undefined) evictions.set(key, evicted);
  }
  if (result.size === 0 && formerPending.size === 0) return undefined;
  return result.set(new PyBytes('evictions'), evictions).set(new PyBytes('version'), 2);
}

function pendingEntry(
  list: MailingList,
  one: Pending,
  values: PythonValues,
  requestIds: ReadonlyMap<number, number>,
): PyTuple | undefined {
  const address = addressOf(one, values);
  switch (one.kind) {
    case 'subscription':
      return one.data.token_owner === 'subscriber'
        ? new PyTuple([new PyBytes('S'), userDescription(list, one, values)])
        : undefined;
    case 'unsubscription':
      return one.data.token_owner === 'subscriber' ? new PyTuple([new PyBytes('U'), address]) : undefined;
    case 'change_address':
      return new PyTuple([
        new PyBytes('C'),
        values.bytes(one.email),
        values.bytes(String(one.data.new_address)),
        one.data.everywhere === true ? 1 : 0,
      ]);
    case 'held_message': {
      const id = requestIds.get(Number(one.data.request_id));
      return id === undefined ? undefined : new PyTuple([new PyBytes('H'), id]);
    }
    case 're_enable':
      return new PyTuple([new PyBytes('E'), new PyBytes(list.listName), values.bytes(one.email)]);
    default:
      return undefined;
  }
}

function userDescription(list: MailingList, one: Pending, values: PythonValues): PyInstance {
  const entries: [PickleValue, PickleValue][] = [
    [new PyBytes('address'), addressOf(one, values)],
    [new PyBytes('fullname'), values.personal(text(one, 'display_name'))],
    [new PyBytes('password'), values.personal(text(one, 'legacy_password'))],
    [new PyBytes('digest'), wantsDigest(one)],
    [new PyBytes('language'), values.bytes(language(list, one))],
  ];
  if (one.data.invitation === true) entries.push([new PyBytes('invitation'), new PyBytes(list.listName)]);
  return PyInstance.oldStyle('Mailman.UserDesc', 'UserDesc', new PyDict(entries));
}

function joinData(list: MailingList, one: Pending, values: PythonValues): PyTuple {
  return new PyTuple([
    new PyFloat(epochFromUtc(one.createdAt)),
    addressOf(one, values),
    values.personal(text(one, 'display_name')),
    values.personal(text(one, 'legacy_password')),
    wantsDigest(one),
    values.bytes(language(list, one)),
  ]);
}

function addressOf(one: Pending, values: PythonValues): PyBytes {
  return values.bytes(text(one, 'address') || one.email);
}

function wantsDigest(one: Pending): number {
  const mode = one.data.delivery_mode;
  return typeof mode === 'string' && mode !== 'regular' ? 1 : 0;
}

function language({ settings }: MailingList, one: Pending): string {
  return text(one, 'preferred_language') || settings.preferred_language;
}

function text({ data }: Pending, name: string): string {
  const value = data[name];
  return typeof value === 'string' ? value : '';
}

function byTarget(items: ReadonlyMap<string, MigratedItem>): Map<string, number> {
  return new Map([...items.values()].map(({ sourceId, target }) => [target, Number(sourceId)]));
}

/** Mailman 2.1 keeps messages with the line ends of its own machine. */
function withLf(content: Buffer): Buffer {
  return Buffer.from(content.toString('latin1').replace(/\r\n/g, '\n'), 'latin1');
}
