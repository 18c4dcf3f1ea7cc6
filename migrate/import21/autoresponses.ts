import type { Autoresponse } from '../../src/model/autoresponse.ts';
import { addressKey } from '../../src/model/email-address.ts';
import { utcFromDay, utcFromEpoch } from '../../src/model/time.ts';
import { numberOf, type PickleValue, PyDict, PyTuple } from '../pickle/values.ts';
import { type Conversion, keepAside } from './conversion.ts';

const UNTIL = {
  postings_responses: 'postings',
  admin_responses: 'owner',
  request_responses: 'requests',
} as const;

/** The settings of Mailman 2.1 that tell who was answered automatically. */
export const AUTORESPONSE_KEYS: readonly string[] = [...Object.keys(UNTIL), 'hold_and_cmd_autoresponses'];

/** Who was answered automatically, so that nobody is answered again too early. */
export function convertAutoresponses(conversion: Conversion): Autoresponse[] {
  const found = new Map<string, Autoresponse>();
  const read = (
    key: string,
    convert: (email: string, value: PickleValue) => Autoresponse | undefined,
  ): void => {
    const dictionary = conversion.config.get(key);
    if (dictionary === undefined) return;
    if (!(dictionary instanceof PyDict)) {
      keepAside(conversion, key);
      return;
    }
    for (const [address, value] of dictionary) {
      const email = addressKey(conversion.texts.read(address, key) ?? '');
      const autoresponse = email.length <= 320 ? convert(email, value) : undefined;
      if (autoresponse) found.set(`${autoresponse.kind}\n${email}`, autoresponse);
      else keepAside(conversion, key);
    }
  };
  for (const [key, kind] of Object.entries(UNTIL)) {
    read(key, (email, value) => {
      const quietUntil = utcFromEpoch(numberOf(value) ?? Number.NaN);
      return quietUntil && { kind, email, quietUntil, day: null, count: 0 };
    });
  }
  read('hold_and_cmd_autoresponses', (email, value) => {
    if (!(value instanceof PyTuple)) return undefined;
    const [date, count] = value.items;
    const [year = 0, month = 0, day = 0] = date instanceof PyTuple ? date.items.map(numberOf) : [];
    const midnight = utcFromDay(year, month, day);
    return (
      midnight && {
        kind: 'hold',
        email,
        quietUntil: null,
        day: midnight.slice(0, 10),
        count: numberOf(count) ?? 0,
      }
    );
  });
  return [...found.values()];
}
