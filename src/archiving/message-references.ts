import type { Headers } from '../message/headers.ts';
import { trimBlanks } from '../message/headers.ts';

/** A Message-ID that is longer is cut. */
const MAX_ID = 998;
/** Of a long References field the nearest ones count, and those that began the thread. */
const NEAREST = 10;
const FIRST = 2;
/** Characters of References that are looked at. */
const MAX_FIELD = 50_000;

/** The Message-ID without its angle brackets, one character per byte; undefined where there is none. */
export function messageIdOf(headers: Headers): string | undefined {
  const value = trimBlanks(headers.get('Message-ID') ?? '');
  const inside = value.startsWith('<') && value.endsWith('>') ? value.slice(1, -1) : value;
  return inside === '' ? undefined : inside.slice(0, MAX_ID);
}

/** The Message-IDs that a message refers to, without brackets, the nearest first: In-Reply-To, References backwards. */
export function referencesOf(headers: Headers, own: string | undefined): string[] {
  const references = idsIn((headers.get('References') ?? '').slice(-MAX_FIELD)).toReversed();
  const answered = answeredId(headers.get('In-Reply-To') ?? '');
  const all = new Set([...(answered === undefined ? [] : [answered]), ...references]);
  if (own !== undefined) all.delete(own);
  const ids = [...all];
  return ids.length > NEAREST + FIRST ? [...ids.slice(0, NEAREST), ...ids.slice(-FIRST)] : ids;
}

/**
 * Old mailers write a sentence around it, which may hold the address of somebody in brackets too: taken for a
 * Message-ID, it would join all answers to this person.
 */
function answeredId(value: string): string | undefined {
  const text = trimBlanks(value.slice(0, MAX_FIELD));
  const ids = idsIn(text);
  if (text.startsWith('<')) return ids[0];
  const last = ids.at(-1);
  return last !== undefined && /\d/.test(last) ? last : undefined;
}

function idsIn(value: string): string[] {
  const ids = value.matchAll(/<([^<>]+)>/g);
  return [...ids]
    .map(([, id = '']) => id.replace(/[ \t\r\n]+/g, '').slice(0, MAX_ID))
    .filter((id) => id !== '');
}
