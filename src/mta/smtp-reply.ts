/** RFC 5321 4.5.3.1.5 allows 512 octets; some servers explain more. */
const LONGEST_LINE = 4096;

/** Of all lines of one reply, in octets. */
const LONGEST_REPLY = 65_536;

const LINE = /^([2-5]\d\d)(?:([ -])(.*))?$/s;

/** An answer of a mail server. */
export interface Reply {
  readonly code: number;
  /** Its lines without the code, as one line without control characters. */
  readonly text: string;
}

/** What a mail server sends is no reply. */
export class BadReplyError extends Error {
  override name = 'BadReplyError';
}

/** Puts together the replies of a mail server (RFC 5321 4.2) from pieces as they come. */
export class ReplyReader {
  #rest = '';
  /** The lines before of a reply that goes on. */
  #begun: { readonly code: number; readonly texts: string[]; octets: number } | undefined;

  /** @returns the replies that this piece completes @throws BadReplyError */
  read(piece: Buffer): Reply[] {
    const input = this.#rest + piece.toString('latin1');
    const replies: Reply[] = [];
    let from = 0;
    for (let end = input.indexOf('\n'); end >= 0; end = input.indexOf('\n', from)) {
      const line = input.slice(from, input[end - 1] === '\r' && end > from ? end - 1 : end);
      from = end + 1;
      const reply = this.#line(line);
      if (reply) replies.push(reply);
    }
    this.#rest = input.slice(from);
    if (this.#rest.length > LONGEST_LINE) throw new BadReplyError('The mail server sends a line without end');
    return replies;
  }

  #line(line: string): Reply | undefined {
    const [, digits, sign, text = ''] = LINE.exec(line) ?? [];
    if (digits === undefined || line.length > LONGEST_LINE) {
      throw new BadReplyError(`Not a reply of a mail server: ${readable(line.slice(0, 80))}`);
    }
    const code = Number(digits);
    const begun = this.#begun;
    if (begun && begun.code !== code) {
      throw new BadReplyError(
        `A reply of the mail server begins with ${begun.code} and goes on with ${code}`,
      );
    }
    if (sign !== '-') {
      this.#begun = undefined;
      return { code, text: readable(begun ? [...begun.texts, text].join(' ') : text) };
    }
    const octets = (begun?.octets ?? 0) + line.length;
    if (octets > LONGEST_REPLY) throw new BadReplyError('The mail server sends a reply without end');
    if (begun) {
      begun.texts.push(text);
      begun.octets = octets;
    } else this.#begun = { code, texts: [text], octets };
    return undefined;
  }
}

/** Servers write UTF-8, if anything (RFC 6531 3.7.4.2). */
function readable(latin1: string): string {
  if (/^[ -~]*$/.test(latin1)) return latin1;
  const decoded = Buffer.from(latin1, 'latin1').toString();
  return (decoded.includes('\uFFFD') ? latin1 : decoded).replaceAll(/\p{Cc}/gu, ' ');
}
