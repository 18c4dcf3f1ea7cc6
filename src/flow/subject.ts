/** What is shown where a subject is empty. */
const NO_SUBJECT = '(no subject)';

/** Marks of an answer in English, German, Danish, Swedish and Norwegian mailers, perhaps counted: `Re[2]:`, or as the French write them, `RE\u00a0:`. */
const REPLY_MARKS = /^(?:\s{0,9}(?:re|aw|sv|vs)\s{0,9}(?:\[\d{1,10}\]\s{0,9})?:)+/i;

const BLANKS = /[ \t]+/g;

/** Where the number of a post stands in a prefix: `%d`, `%05d`; not at its very beginning. */
const NUMBER = /(?<!^)%(\d{0,2})d/;

/** A subject taken apart. */
export interface StrippedSubject {
  /** Without prefix and marks of an answer. */
  readonly text: string;
  readonly isReply: boolean;
}

/** Whether a prefix has the number of the post in it. */
export function holdsNumber(prefix: string): boolean {
  return NUMBER.test(prefix);
}

/** The prefix with the number of a post filled in. */
export function numberedPrefix(prefix: string, number: number): string {
  return prefix.replace(NUMBER, (_, width: string) =>
    String(number).padStart(Number(width), width.startsWith('0') ? '0' : ' '),
  );
}

/**
 * A subject without the list's prefix, wherever it stands, in any case and with any number, and without marks of an
 * answer at its beginning.
 * @param prefix as the list has it, with `%d` where the number stands
 */
export function stripSubject(subject: string, prefix: string): StrippedSubject {
  // First, for patterns with blanks take long over many of them, and a prefix may have been folded.
  const single = subject.replace(BLANKS, ' ');
  const without = prefix.trim() === '' ? single : single.replace(prefixPattern(prefix), '');
  const marks = REPLY_MARKS.exec(without)?.[0] ?? '';
  return { text: without.slice(marks.length).replace(BLANKS, ' ').trim(), isReply: marks !== '' };
}

/** A subject as the list sends it: the prefix always comes first. */
export function prefixedSubject({ text, isReply }: StrippedSubject, prefix: string): string {
  const rest = isReply ? `Re: ${text}` : text || NO_SUBJECT;
  return (prefix + rest).trimEnd();
}

/**
 * The literal prefix; blanks around it may be missing, its number may be any number. Only the first `%d` is one, as when
 * it is filled in: several would let a long row of digits be divided among them in countless ways.
 */
function prefixPattern(prefix: string): RegExp {
  const number = NUMBER.exec(prefix);
  const words = number
    ? [prefix.slice(0, number.index), prefix.slice(number.index + number[0].length)]
    : [prefix];
  const literal = words.map((word) => RegExp.escape(word.replace(BLANKS, ' ').trim())).join(' ?\\d{1,15} ?');
  return new RegExp(`${literal} ?`, 'giu');
}
