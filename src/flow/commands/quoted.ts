import { formatAddress, parseAddresses } from '../../message/addresses.ts';
import { composeMessage, type Fields, textPart } from '../../message/compose.ts';
import { encodeHeader } from '../../message/encoded-words.ts';
import type { Message } from '../../message/message.ts';

const HIDDEN = '********';

/** A line of a mail as an answer may show it: each word that is a secret is blotted out. */
export function withoutSecrets(line: string, secrets: ReadonlySet<string>): string {
  if (secrets.size === 0) return line;
  return line
    .split(' ')
    .map((word) => (secrets.has(word) ? HIDDEN : word))
    .join(' ');
}

/** Header fields of a mail with commands, as text; '' where it had none. */
export interface QuotedHeaders {
  readonly from: string;
  readonly subject: string;
  readonly date: string;
  readonly messageId: string;
}

/**
 * What was read of a mail with commands, as a message to attach to the answer. The mail itself is not sent back: whoever
 * forges a sender could have anything brought to anybody.
 */
export function quotedMail(
  { from, subject, date, messageId }: QuotedHeaders,
  text: readonly string[],
): Message {
  const charset = 'utf-8';
  const [sender] = parseAddresses(from);
  const fields: Fields = [
    ...(sender ? ([['From', formatAddress(sender, charset)]] as const) : []),
    ['Subject', encodeHeader(subject, charset)],
    ['Date', encodeHeader(date, charset)],
    ['Message-ID', encodeHeader(messageId, charset)],
  ];
  return composeMessage(
    fields.filter(([, value]) => value !== ''),
    textPart(text.map((line) => `${line}\n`).join(''), charset),
  );
}
