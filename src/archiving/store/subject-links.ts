import { createHash } from 'node:crypto';
import { foldText } from './search/fold.ts';

/**
 * How a message may be joined to others of its subject: not, because it says what it answers; as one that answers
 * nothing; as an answer that does not say to what.
 */
export const Linking = { byReferences: 0, asPost: 1, asAnswer: 2 } as const;
export type Linking = (typeof Linking)[keyof typeof Linking];

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** An answer belongs to what had its subject so long ago, or to what a wrong clock makes a little younger. */
const ANSWER_BACK = 60 * DAY;
const ANSWER_AHEAD = DAY;
/** The same subject without `Re:` is the same thread only when sent again soon: reports have one subject for years. */
const POST_BACK = 12 * HOUR;

/** What is known of a message for this. */
export interface SubjectPlace {
  readonly date: number;
  readonly linking: Linking;
}

/** By how much the dates of two messages may differ that their subjects join. */
export const LINK_REACH = ANSWER_BACK;

/**
 * Whether two messages of one subject belong to one thread. It depends on these two alone, so that threads are the same
 * in whatever order messages come.
 */
export function linksBySubject(one: SubjectPlace, other: SubjectPlace): boolean {
  return reaches(one, other) || reaches(other, one);
}

function reaches({ date, linking }: SubjectPlace, other: SubjectPlace): boolean {
  const earlier = date - other.date;
  if (linking === Linking.asAnswer) return earlier <= ANSWER_BACK && earlier >= -ANSWER_AHEAD;
  return linking === Linking.asPost && earlier >= 0 && earlier <= POST_BACK;
}

/**
 * A number for a subject, the same for those that differ in case, accents, width and blanks only; null where there is
 * no subject to speak of.
 */
export function subjectKey(plainSubject: string): number | null {
  const folded = foldText(plainSubject)
    .replace(/[\s\p{P}]+/gu, ' ')
    .trim();
  if (folded === '' || folded === 'no subject') return null;
  return createHash('sha1').update(folded).digest().readUIntBE(0, 6);
}
