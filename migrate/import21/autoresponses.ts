import type { Autoresponse } from '../../src/model/autoresponse.ts';
import { addressKey } from '../../src/model/email-address.ts';
import { utcFromDay, utcFromEpoch } from '../../src/model/time.ts';
import { numberOf, type PickleValue, PyDict, PyTuple } from '../pickle/values.ts';
import { type Conversion, keep, keepOdd, LARGEST_NUMBER } from './conversion.ts';
import { isUsableAddress } from './people.ts';

const UNTIL = {
  postings_responses: 'postings',
  admin_responses: 'owner',
  request_responses: 'requests',
} as const;

const HOLDS = 'hold_and_cmd_autoresponses';

/** The settings of Mailman 2.1 that tell who was answered automatically. */
export const AUTORESPONSE_KEYS: readonly string[] = [...Object.keys(UNTIL), HOLDS];

/** No usable address. */
const NO_TEXT = ' ';

type Reader = (email: string, value: PickleValue) => Autoresponse | undefined;

/** Who was answered automatically, so that nobody is answered again too early. By kind and address. */
export function convertAutoresponses(conversion: Conversion): Autoresponse[] {
  const readers = [
    [HOLDS, readHold],
    ...Object.entries(UNTIL).map(([key, kind]) => [key, untilReader(kind)] as const),
  ] as const;
  return readers
    .flatMap(([key, read]) => [...readDictionary(conversion, key, read)])
    .sort((one, other) => compare(one.kind, other.kind) || compare(one.email, other.email));
}

function readDictionary(conversion: Conversion, key: string, read: Reader): Iterable<Autoresponse> {
  const dictionary = conversion.config.get(key);
  const found = new Map<string, Autoresponse>();
  if (dictionary === undefined || dictionary === null) return [];
  if (!(dictionary instanceof PyDict)) {
    keepOdd(conversion, key, 'is no dictionary');
    return [];
  }
  const odd = new PyDict();
  for (const [address, value] of dictionary) {
    // The null sender is answered too.
    const email = addressKey(conversion.texts.read(address, key) ?? NO_TEXT);
    const autoresponse = email === '' || isUsableAddress(email) ? read(email, value) : undefined;
    if (autoresponse && !found.has(email)) found.set(email, autoresponse);
    else odd.set(address, value);
  }
  if (odd.size > 0) {
    keep(conversion, key, odd);
    conversion.notes.needsPerson(key, `${odd.size} entries that cannot be understood are kept aside`);
  }
  return found.values();
}

function untilReader(kind: Autoresponse['kind']): Reader {
  return (email, value) => {
    const quietUntil = utcFromEpoch(numberOf(value) ?? Number.NaN);
    return quietUntil && { kind, email, quietUntil, day: null, count: 0 };
  };
}

/** ((year, month, day), count) */
const readHold: Reader = (email, value) => {
  if (!(value instanceof PyTuple)) return undefined;
  const [date, number] = value.items;
  const [year = 0, month = 0, day = 0] = date instanceof PyTuple ? date.items.map(numberOf) : [];
  const midnight = utcFromDay(year, month, day);
  const count = numberOf(number);
  if (!midnight || count === undefined || !Number.isInteger(count) || Math.abs(count) > LARGEST_NUMBER)
    return undefined;
  return { kind: 'hold', email, quietUntil: null, day: midnight.slice(0, 10), count };
};

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
