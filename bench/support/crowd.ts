import { readFileSync } from 'node:fs';
import { readPickle } from '../../migrate/pickle/reader.ts';
import { isInstanceOf, type PickleValue, PyBytes, PyDict, PyInstance } from '../../migrate/pickle/values.ts';
import { writePickle } from '../../migrate/pickle/writer.ts';

const BIGCROWD = new URL('../../fixtures/mailman21/lists/bigcrowd/config.pck', import.meta.url);

/** The settings that hold something about each member, by address. */
export const ROSTERS = [
  ...['members', 'digest_members', 'usernames', 'user_options', 'language', 'delivery_status'],
  ...['passwords', 'topics_userinterest', 'bounce_info'],
];

/** The config.pck of a real list of 20,000: names in several scripts, options, digests, bounces. */
export function bigcrowd(): Buffer {
  return readFileSync(BIGCROWD);
}

/** How many are on that list. */
export const BIGCROWD_SIZE = 20_000;

/** The config.pck of a list of this many members, mixed as in bigcrowd: its first members, or it several times over. */
export function crowd(size: number): Buffer {
  if (size === BIGCROWD_SIZE) return bigcrowd();
  const config = readPickle(bigcrowd());
  if (!(config instanceof PyDict)) throw new Error('bigcrowd is not a dictionary');
  const addresses = [...dictAt(config, 'members').keys, ...dictAt(config, 'digest_members').keys];
  // Spread over the whole list, so that a small one has digest members as well.
  const share = Math.max(1, Math.floor(addresses.length / size));
  const wanted: [address: PickleValue, copy: number][] = [];
  for (let copy = 0; wanted.length < size; copy++) {
    for (let at = 0; at < addresses.length && wanted.length < size; at += share) {
      wanted.push([addresses[at] ?? null, copy]);
    }
  }
  for (const name of ROSTERS) {
    const all = dictAt(config, name);
    const some = new PyDict();
    for (const [address, copy] of wanted) {
      const value = all.get(address);
      if (value !== undefined) some.set(rename(address, copy), renameWithin(value, copy));
    }
    config.set(name, some);
  }
  return writePickle(config);
}

/** Addresses as a file for `addmembers`, half of them with a name. */
export function memberFile(size: number): string {
  const names = ['Zoë Ångström', 'Иван Петров', 'Ελένη Νίκου', 'Mary Major', '山田 花子'];
  const lines = Array.from({ length: size }, (_, index) => {
    const address = `added-${index}@dept${index % 40}.example.net`;
    return index % 2 === 0 ? `${names[(index / 2) % names.length]} <${address}>` : address;
  });
  return `${lines.join('\n')}\n`;
}

/** A dictionary among the settings. @throws Error where there is none */
export function dictAt(config: PyDict, name: string): PyDict {
  const value = config.get(name);
  if (!(value instanceof PyDict)) throw new Error(`bigcrowd has no ${name}`);
  return value;
}

function rename(address: PickleValue, copy: number): PickleValue {
  return copy > 0 && address instanceof PyBytes ? new PyBytes(`c${copy}.${address.latin1}`) : address;
}

/** Values repeat the address where it is spelled in mixed case (`members`) and in bounce records. */
function renameWithin(value: PickleValue, copy: number): PickleValue {
  if (copy === 0) return value;
  if (value instanceof PyBytes && value.latin1.includes('@')) return rename(value, copy);
  if (!isInstanceOf(value, 'Mailman.Bouncer._BounceInfo') || !(value.state instanceof PyDict)) return value;
  const attributes = new PyDict(value.state);
  attributes.set('member', rename(attributes.get('member') ?? null, copy));
  return PyInstance.oldStyle('Mailman.Bouncer', '_BounceInfo', attributes);
}
