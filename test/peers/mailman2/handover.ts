import { numberOf, type PickleValue, PyBytes, PyFloat, PyTuple } from '../../../migrate/pickle/values.ts';
import { dict, type OpenList, text, without } from './list-file.ts';
import { isMember, OF_MEMBERS } from './members.ts';

/** What `ferryman_handover.py` does by Mailman 2.1's own functions, done to its dictionaries. */

const BY_ADMIN = 3;

/** In request.pck. */
const UNSUBSCRIPTION = 3;

const STATUS: Readonly<Record<string, number>> = { on: 0, unknown: 1, user: 2, admin: 3, bounces: 4 };

/** The bit, and whether it says the opposite. */
const BITS: Readonly<Record<string, readonly [bit: number, isOpposite: boolean]>> = {
  ack: [4, false],
  duplicates: [256, true],
  hide: [16, false],
  mod: [128, false],
  myposts: [2, true],
  othertopics: [64, false],
  reminders: [32, true],
};

/** @param lines without the last one */
export function changeMembers(open: OpenList, way: string, lines: readonly string[]): void {
  for (const line of lines) {
    const [address = '', ...words] = line.split('\t');
    if (!isMember(open.config, address)) continue;
    const options = new Map(words.map((word) => [nameIn(word), decodeURIComponent(valueIn(word))]));
    if (way === 'stop') stop(open, address);
    else {
      const now = setOptions(open, address, options);
      if (way === 'resume' && statusOf(open, now) === BY_ADMIN)
        setStatus(open, now, STATUS[options.get('delivery') ?? 'on'] ?? 0);
      if (options.has('leave')) holdUnsubscription(open, now);
    }
  }
}

function nameIn(word: string): string {
  return word.slice(0, word.indexOf('='));
}

function valueIn(word: string): string {
  return word.slice(word.indexOf('=') + 1);
}

function stop(open: OpenList, address: string): void {
  if (statusOf(open, address) === 0) setStatus(open, address, BY_ADMIN);
}

function holdUnsubscription({ config, requests }: OpenList, address: string): void {
  const id = numberOf(config.get('next_request_id')) ?? 1;
  requests.set(id, new PyTuple([UNSUBSCRIPTION, PyBytes.utf8(address)]));
  config.set('next_request_id', id + 1);
}

function setOptions(open: OpenList, before: string, options: ReadonlyMap<string, string>): string {
  const { config } = open;
  const wanted = options.get('address');
  const address = wanted === undefined ? before : move(open, before, wanted);
  for (const [name, [bit, isOpposite]] of Object.entries(BITS)) {
    const value = options.get(name);
    if (value !== undefined) setBit(open, address, bit, (value === 'on') !== isOpposite);
  }
  const digest = options.get('digest');
  if (digest !== undefined) setDigest(open, address, digest);
  const language = options.get('language');
  if (language !== undefined) put(open, 'language', address, PyBytes.utf8(language));
  const name = options.get('name');
  if (name !== undefined) put(open, 'usernames', address, isAscii(name) ? PyBytes.utf8(name) : name);
  const topics = options.get('topics');
  if (topics === '') without(config, 'topics_userinterest', address);
  else if (topics !== undefined)
    put(
      open,
      'topics_userinterest',
      address,
      topics.split('\n').map((topic) => PyBytes.utf8(topic)),
    );
  return address;
}

function isAscii(value: string): boolean {
  return Buffer.byteLength(value) === value.length;
}

function move(open: OpenList, before: string, wanted: string): string {
  const { config } = open;
  const [from, to] = [before.toLowerCase(), wanted.toLowerCase()];
  const isTaken = from !== to && isMember(config, to);
  for (const part of OF_MEMBERS) {
    const value = dict(config, part).get(from);
    without(config, part, from);
    if (value === undefined || isTaken) continue;
    const isRoster = part === 'members' || part === 'digest_members';
    put(open, part, to, isRoster ? (to === wanted ? 0 : PyBytes.utf8(wanted)) : value);
  }
  return to;
}

function setDigest(open: OpenList, address: string, wanted: string): void {
  const { config } = open;
  if (wanted !== 'off') setBit(open, address, 8, wanted === 'plain');
  const [from, to] = wanted === 'off' ? ['digest_members', 'members'] : ['members', 'digest_members'];
  const spelled = dict(config, from ?? '').get(address);
  const can = numberOf(config.get(wanted === 'off' ? 'nondigestable' : 'digestable')) !== 0;
  if (spelled === undefined || !can) return;
  without(config, from ?? '', address);
  put(open, to ?? '', address, spelled);
  if (wanted === 'off') put(open, 'one_last_digest', address, spelled);
}

function setBit(open: OpenList, address: string, bit: number, isOn: boolean): void {
  const before = numberOf(dict(open.config, 'user_options').get(address)) ?? 0;
  const after = isOn ? before | bit : before & ~bit;
  if (after === 0) without(open.config, 'user_options', address);
  else put(open, 'user_options', address, after);
}

function statusOf({ config }: OpenList, address: string): number {
  const status = dict(config, 'delivery_status').get(address);
  return status instanceof PyTuple ? (numberOf(status.items[0]) ?? 0) : 0;
}

function setStatus(open: OpenList, address: string, status: number): void {
  if (status === 0) without(open.config, 'delivery_status', address);
  else put(open, 'delivery_status', address, new PyTuple([status, new PyFloat(Date.now() / 1000)]));
}

function put({ config }: OpenList, name: string, address: string, value: PickleValue): void {
  const entries = dict(config, name);
  // A key that is there keeps its Python type.
  const key = entries.keys.find((one) => text(one) === address) ?? PyBytes.utf8(address);
  entries.set(key, value);
}
