import { subjectText } from '../flow/subject-charset.ts';
import { decodeHeader } from '../message/encoded-words.ts';
import type { Message } from '../message/message.ts';
import { oneLine } from '../templates/variables.ts';
import { wrapLines } from '../templates/wrap.ts';

/** Columns of the headers. */
const WIDTH = 70;
/** Characters of one header beyond which nobody reads on. */
const LONGEST_VALUE = 10_000;

/**
 * The headers of a post as readers of a plain digest see them: decoded, long ones on several lines.
 * @param names which ones, in this order; `Message` is the number of the post
 */
export function plainHeaders(
  { headers, root }: Message,
  number: number,
  names: readonly string[],
  likely: readonly string[],
): string[] {
  return names.flatMap((name) => {
    switch (name.toLowerCase()) {
      case 'message':
        return [`${name}: ${number}`];
      case 'subject':
        return headers.getAll(name).map((value) => headerLines(name, subjectText(value, likely)));
      case 'content-type': {
        // Of other posts the digest has the text alone.
        const { type, subtype } = root.contentType;
        const isPlain = type === 'text' && subtype === 'plain';
        const [value] = headers.getAll(name);
        return value === undefined ? [] : [headerLines(name, isPlain ? value : 'text/plain')];
      }
      default:
        return headers
          .getAll(name)
          .map((value) => headerLines(name, decodeHeader(value, { fallbacks: likely })));
    }
  });
}

function headerLines(name: string, value: string): string {
  const text = oneLine(value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE)}…` : value);
  const [first = '', ...rest] = wrapLines(`${name}: ${text}`, { width: WIDTH });
  // A name alone on its line would end the headers for some readers.
  const lines =
    first === `${name}:` && rest.length > 0 ? [`${first} ${rest.shift()}`, ...rest] : [first, ...rest];
  return lines.join('\n\t');
}
