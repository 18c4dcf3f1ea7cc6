/** The middle of an e-mail address; `/@name` in an address of a web page is none. */
const AT = /(?<=[\p{L}\p{N}_.+%=-])@(?=[\p{L}\p{N}[-])/gu;

/** A text whose e-mail addresses harvesters do not recognise: `anne(a)example.com`, as HyperKitty writes them. */
export function obscureText(text: string): string {
  return text.includes('@') ? text.replace(AT, '(a)') : text;
}

/** Fields that hold identifiers: changed, they would not lead from one message to the other any more. */
const IDENTIFIERS =
  /^(?:message-id|in-reply-to|references|content-id|x-message-id-hash|message-id-hash)[ \t]*:/i;

/** The value of a header field, whose addresses are hidden unless they are identifiers of mails. */
export function obscureField(name: string, value: string): string {
  return IDENTIFIERS.test(`${name}:`) ? value : obscureText(value);
}

/**
 * Hides addresses in mails and mboxes as they are downloaded, piece by piece: the addresses of header fields and texts are
 * obscured, Message-IDs stay. What is encoded is not looked into.
 */
export async function* obscureMail(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = '';
  let isIdentifier = false;
  const lines = (text: string): string =>
    text.replace(/[^\n]*\n?/g, (line) => {
      if (line === '') return '';
      isIdentifier = /^[ \t]/.test(line) ? isIdentifier : IDENTIFIERS.test(line);
      return isIdentifier ? line : obscureLatin(line);
    });
  for await (const part of inParts(pieces)) {
    const text = rest + part.toString('latin1');
    const end = text.lastIndexOf('\n') + 1;
    // A line without end is not waited for.
    const cut = end === 0 && text.length > MAX_LINE ? text.length : end;
    rest = text.slice(cut);
    if (cut > 0) yield Buffer.from(lines(text.slice(0, cut)), 'latin1');
  }
  if (rest !== '') yield Buffer.from(lines(rest), 'latin1');
}

/** Others want the processor too while a long mail is read. */
async function* inParts(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += MAX_PART) yield piece.subarray(at, at + MAX_PART);
}

const MAX_PART = 256 * 1024;
const MAX_LINE = 1_000_000;

/** As `AT`, for text in which a character is a byte: bytes above 127 may be letters. */
const LATIN_AT = /(?<=[\w.+%=\x80-\xff-])@(?=[\w\x80-\xff[-])/g;

function obscureLatin(line: string): string {
  return line.includes('@') ? line.replace(LATIN_AT, '(a)') : line;
}
