import type { MailingList } from '../../src/model/mailing-list.ts';
import { type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { type Conversion, keepOdd, LARGEST_NUMBER, numberAt } from './conversion.ts';

/** What a list counts, and when things happened to it. */
export type ListCounters = Pick<
  MailingList,
  | 'createdAt'
  | 'lastPostAt'
  | 'digestLastSentAt'
  | 'postId'
  | 'nextRequestId'
  | 'volume'
  | 'nextDigestNumber'
  | 'usenetWatermark'
>;

const TIMES = {
  created_at: 'createdAt',
  last_post_time: 'lastPostAt',
  digest_last_sent_at: 'digestLastSentAt',
} as const;

const NUMBERS = {
  post_id: 'postId',
  next_request_id: 'nextRequestId',
  volume: 'volume',
  next_digest_number: 'nextDigestNumber',
  usenet_watermark: 'usenetWatermark',
} as const;

/** The settings of Mailman 2.1 that are counters or times of the list. */
export const COUNTER_KEYS: readonly string[] = [...Object.keys(TIMES), ...Object.keys(NUMBERS)];

/** What the list is to count from, as far as the file says it. */
export function convertCounters(conversion: Conversion): Partial<ListCounters> {
  const counters: { -readonly [K in keyof ListCounters]?: ListCounters[K] } = {};
  for (const [key, name] of Object.entries(TIMES)) {
    const time = readTime(conversion, key);
    if (time === undefined) continue;
    if (time !== null) counters[name] = time;
    else if (name !== 'createdAt') counters[name] = null;
  }
  for (const [key, name] of Object.entries(NUMBERS)) {
    const number = readCount(conversion, key);
    if (number !== undefined) counters[name] = number;
  }
  // Absent until the gateway has been used.
  if (conversion.config.get('usenet_watermark') == null) counters.usenetWatermark = null;
  return counters;
}

/** 0 is Mailman 2.1's "never". */
function readTime(conversion: Conversion, key: string): UtcTime | null | undefined {
  const value = conversion.config.get(key);
  if (value === undefined) return undefined;
  const seconds = numberAt(conversion, key);
  if (value === null || seconds === 0) return null;
  const time = utcFromEpoch(seconds ?? Number.NaN);
  if (time === undefined) keepOdd(conversion, key, 'is no time; the list keeps its own');
  return time;
}

function readCount(conversion: Conversion, key: string): number | undefined {
  const value = conversion.config.get(key);
  if (value === undefined || value === null) return undefined;
  const number = numberAt(conversion, key);
  if (number !== undefined && Number.isInteger(number) && number >= 0 && number <= LARGEST_NUMBER)
    return number;
  keepOdd(conversion, key, 'is no count; the list keeps its own');
  return undefined;
}
