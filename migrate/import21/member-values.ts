import type { DeliveryStatus } from '../../src/model/enums.ts';
import type { Bounce, LegacyMember } from '../../src/model/member.ts';
import { type UtcTime, utcFromDay, utcFromEpoch } from '../../src/model/time.ts';
import { isInstanceOf, numberOf, type PickleValue, PyDict, PyTuple } from '../pickle/values.ts';
import type { TextDecoding } from './charset.ts';
import { LARGEST_NUMBER } from './conversion.ts';

/** Readers of what Mailman 2.1 has of one member. They return undefined for what is not of the expected form. */

/** The numbers of Mailman 2.1. */
const DELIVERY_STATUS: readonly DeliveryStatus[] = [
  'enabled',
  'unknown',
  'by_user',
  'by_moderator',
  'by_bounces',
];

const LANGUAGE_CODE = /^[A-Za-z][\w.@-]{0,19}$/;

const BOUNCE_ATTRIBUTES: ReadonlySet<string> = new Set([
  'member',
  'score',
  'date',
  'noticesleft',
  'lastnotice',
  'cookie',
]);

/** The option bits. */
export function readOptions(value: PickleValue): number | undefined {
  const number = numberOf(value);
  return number !== undefined && Number.isInteger(number) && number >= 0 && number <= LARGEST_NUMBER
    ? number
    : undefined;
}

/** A language code that can be stored. */
export function readLanguage(value: PickleValue, texts: TextDecoding, where: string): string | undefined {
  const code = texts.read(value, where);
  return code !== undefined && LANGUAGE_CODE.test(code) ? code : undefined;
}

/** (code, time) */
export function readDeliveryStatus(
  value: PickleValue,
): { readonly status: DeliveryStatus; readonly since: UtcTime | null } | undefined {
  if (!(value instanceof PyTuple) || value.length !== 2) return undefined;
  const [code, time] = value.items.map(numberOf);
  const status = DELIVERY_STATUS[code ?? -1];
  const since = utcFromEpoch(time ?? Number.NaN);
  if (status === undefined || since === undefined) return undefined;
  return { status, since: time === 0 ? null : since };
}

/** Names of topics. */
export function readTopics(
  value: PickleValue,
  texts: TextDecoding,
  where: string,
): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.map((name) => texts.read(name, where)).filter((name) => name !== undefined);
  return names.length === value.length ? names : undefined;
}

/** What Mailman 2.1 knows of a member's bounces. */
export interface BounceRecord {
  readonly bounce: Bounce;
  readonly legacy: Pick<LegacyMember, 'bounceNoticesLeft' | 'bounceCookie'>;
}

/** @param warnings how many a member of this list gets before removal */
export function readBounce(
  value: PickleValue,
  warnings: number,
  texts: TextDecoding,
  where: string,
): BounceRecord | undefined {
  if (!isInstanceOf(value, 'Mailman.Bouncer._BounceInfo') || !(value.state instanceof PyDict))
    return undefined;
  if (value.state.keys.some((key) => !BOUNCE_ATTRIBUTES.has(texts.read(key, where) ?? ''))) return undefined;
  const score = numberOf(value.get('score'));
  const left = numberOf(value.get('noticesleft'));
  const lastReceived = readDay(value.get('date'));
  const lastWarningSent = readDay(value.get('lastnotice'));
  const cookie = value.get('cookie') ?? null;
  const cookieText = texts.read(cookie, where);
  if (score === undefined || !Number.isFinite(score)) return undefined;
  if (left === undefined || !Number.isInteger(left) || Math.abs(warnings - left) > LARGEST_NUMBER)
    return undefined;
  if (lastReceived === undefined || lastWarningSent === undefined) return undefined;
  if (cookie !== null && cookieText === undefined) return undefined;
  return {
    bounce: { score, lastReceived, lastWarningSent, totalWarningsSent: Math.max(0, warnings - left) },
    legacy: { bounceNoticesLeft: left, ...(cookieText === undefined ? {} : { bounceCookie: cookieText }) },
  };
}

/** (year, month, day) or seconds; the first days of 1970 stand for never. */
function readDay(value: PickleValue | undefined): UtcTime | null | undefined {
  if (!(value instanceof PyTuple)) {
    const seconds = numberOf(value);
    return seconds === undefined ? undefined : utcFromEpoch(seconds);
  }
  const [year = 0, month = 0, day = 0] = value.items.map(numberOf);
  return year === 1970 && month === 1 && day <= 2 ? null : utcFromDay(year, month, day);
}
