import { parseAddresses } from '../../../src/message/addresses.ts';
import { decodeHeader } from '../../../src/message/encoded-words.ts';
import type { Message } from '../../../src/message/message.ts';
import { partText, walk } from '../../../src/message/text.ts';

/** Where the charset of a raw subject is not named. */
const GUESSED = { fallbacks: ['euc-jp'] };

/** Marks of answers stand before or behind the prefix; blanks are folded anywhere. */
export function comparableSubject(message: Message): string {
  return decodeHeader(message.headers.get('Subject') ?? '', GUESSED)
    .replace(/^((?:\[[^\]]*\]|\([^)]*\)) )Re: /, 'Re: $1')
    .replace(/[ \t]+/g, ' ')
    .trim();
}

/** Of which the values are compared. */
const BY_VALUE = [
  'From',
  'To',
  'Cc',
  'Reply-To',
  'Precedence',
  'X-BeenThere',
  'List-Id',
  'List-Post',
  'X-Topics',
];

/** Their addresses are Mailman 3's here: it counts whether they are there. */
const BY_PRESENCE = ['List-Help', 'List-Subscribe', 'List-Unsubscribe', 'List-Archive'];

/** The headers that list servers set, in a form in which those of both mean the same when they are equal. */
export function comparableHeaders({ headers }: Message): Map<string, string> {
  const found = new Map<string, string>();
  for (const name of BY_VALUE)
    found.set(
      name,
      headers
        .getAll(name)
        .map((value) => comparable(name, value))
        .join(' | '),
    );
  for (const name of BY_PRESENCE) found.set(name, headers.has(name) ? 'there' : '');
  return found;
}

function comparable(name: string, value: string): string {
  switch (name) {
    case 'From':
    case 'Cc':
    case 'Reply-To':
      return parseAddresses(value)
        .map(
          ({ displayName, address }) =>
            `${displayName.replace(/[\\"]/g, '').replace(/\s+/g, ' ').trim()} <${address}>`,
        )
        .sort()
        .join(', ');
    case 'X-Topics':
      return value
        .split(/[\r\n\t]+/)
        .map((topic) => topic.trim())
        .sort()
        .join(' | ');
    default:
      return decodeHeader(value, GUESSED).replace(/\s+/g, ' ').replaceAll('"', '').trim();
  }
}

/** Types and texts of all parts, footer included, without what each server invents: boundaries and transfer encodings. */
export function comparableText(message: Message): string {
  return [...walk(message)]
    .map((part) => {
      const { type, subtype } = part.contentType;
      const content = type === 'text' ? partText(part) : part.isMultipart ? '' : part.body.toString('latin1');
      return `${type}/${subtype} ${content.replaceAll('\r\n', '\n').trimEnd()}`;
    })
    .join('\n');
}
