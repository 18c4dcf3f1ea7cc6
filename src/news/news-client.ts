import { connect, type Socket } from 'node:net';
import { NewsRefusalError, NewsTroubleError } from './errors.ts';
import { LineReader } from './line-reader.ts';
import type { NewsServer } from './news-server.ts';

/** How long the server may take for an answer, in milliseconds. */
const ANSWER_MS = 120_000;

/** Articles that are larger are left where they are. */
const LARGEST_ARTICLE = 64 * 1024 * 1024;

const CRLF = Buffer.from('\r\n');
const DOT = 0x2e;

/** What a newsgroup holds: the numbers of its first and last article; `last` is below `first` where it is empty. */
export interface GroupRange {
  readonly first: number;
  readonly last: number;
}

/** A reply of the server. */
interface Reply {
  readonly code: number;
  readonly text: string;
}

/** A connection to a news server that speaks RFC 3977; one command at a time. */
export class NewsClient {
  readonly #socket: Socket;
  readonly #reader: LineReader;
  readonly #server: NewsServer;
  #isKnown = false;

  private constructor(server: NewsServer) {
    this.#server = server;
    this.#socket = connect({ host: server.host, port: server.port });
    this.#socket.setTimeout(ANSWER_MS);
    this.#reader = new LineReader(this.#socket);
  }

  /** Connects as a reader, and logs in where there is a name. @throws NewsTroubleError, NewsRefusalError */
  static async open(server: NewsServer): Promise<NewsClient> {
    const client = new NewsClient(server);
    try {
      expectCode(await client.#reply(), [200, 201]);
      // Servers that are readers anyway may not know it.
      await client.#command('MODE READER');
      if (server.user !== '') await client.#logIn();
      return client;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  /** Goes to a newsgroup (RFC 3977 6.1.1). @throws NewsTroubleError, NewsRefusalError */
  async group(name: string): Promise<GroupRange> {
    const reply = expectCode(await this.#command(`GROUP ${name}`), [211]);
    const [, first = Number.NaN, last = Number.NaN] = reply.text.split(' ').map(Number);
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(last))
      throw new NewsTroubleError(`The news server describes ${name} as ${JSON.stringify(reply.text)}`);
    return { first, last };
  }

  /**
   * The numbers of articles in a part of a newsgroup, in order (RFC 3977 6.1.2).
   * @returns undefined where the server cannot tell
   * @throws NewsTroubleError
   */
  async numbers(name: string, { first, last }: GroupRange): Promise<number[] | undefined> {
    const reply = await this.#command(`LISTGROUP ${name} ${first}-${last}`);
    if (reply.code !== 211) return undefined;
    const block = await this.#block();
    if (block === 'too large') return undefined;
    const all = block.toString('latin1').split('\r\n').map(Number);
    // Old servers do not know ranges, and list all there is.
    return all.filter((number) => number >= first && number <= last).sort((a, b) => a - b);
  }

  /**
   * An article of that newsgroup, with CRLF (RFC 3977 6.2.1).
   * @returns undefined where there is none of this number; 'too large' where it has more than 64 MiB
   * @throws NewsTroubleError, NewsRefusalError
   */
  async article(number: number): Promise<Buffer | 'too large' | undefined> {
    const reply = await this.#command(`ARTICLE ${number}`);
    if (reply.code === 423 || reply.code === 430) return undefined;
    expectCode(reply, [220]);
    return this.#block();
  }

  /** The newsgroups of an article that the server has; undefined where it has none of this Message-ID. @throws NewsTroubleError */
  async newsgroupsOf(messageId: string): Promise<string | undefined> {
    if (!/^<[\x21-\x3d\x3f-\x7e]{1,248}>$/.test(messageId)) return undefined;
    const reply = await this.#command(`HEAD ${messageId}`);
    if (reply.code !== 221) return undefined;
    const head = await this.#block();
    return /^newsgroups:[ \t]*(.*)$/im.exec(head.toString('latin1'))?.[1]?.trim();
  }

  /** Posts an article (RFC 3977 6.3.1). @param article with CRLF @throws NewsTroubleError, NewsRefusalError */
  async post(article: Buffer): Promise<void> {
    expectCode(await this.#command('POST'), [340]);
    const text = article.toString('latin1').replace(/(^|\r\n)\./g, '$1..');
    this.#socket.write(Buffer.from(`${text}${text.endsWith('\r\n') ? '' : '\r\n'}.\r\n`, 'latin1'));
    expectCode(await this.#reply(), [240]);
  }

  /** Says goodbye. */
  close(): void {
    if (this.#socket.destroyed) return;
    this.#socket.end('QUIT\r\n');
    this.#socket.setTimeout(5000, () => this.#socket.destroy());
  }

  async #logIn(): Promise<void> {
    const { user, password } = this.#server;
    this.#isKnown = true;
    const reply = await this.#command(`AUTHINFO USER ${user}`);
    if (reply.code !== 381) expectCode(reply, [281]);
    else expectCode(await this.#command(`AUTHINFO PASS ${password}`), [281]);
  }

  async #command(line: string): Promise<Reply> {
    if (/[\r\n\0]/.test(line)) throw new NewsRefusalError(501, 'a line end in a command');
    this.#socket.write(`${line}\r\n`);
    const reply = await this.#reply();
    // RFC 4643 2.2: some ask for a login only when it matters.
    if (reply.code !== 480 || this.#isKnown || this.#server.user === '') return reply;
    await this.#logIn();
    return this.#command(line);
  }

  async #reply(): Promise<Reply> {
    const line = (await this.#reader.line()).toString('latin1');
    const [, code = '', text = ''] = /^(\d{3})(?: (.*))?$/.exec(line) ?? [];
    if (code === '')
      throw new NewsTroubleError(`No news server answers ${JSON.stringify(line.slice(0, 200))}`);
    return { code: Number(code), text };
  }

  /** What follows a reply, up to the line with a dot (RFC 3977 3.1.1). */
  async #block(): Promise<Buffer | 'too large'> {
    const lines: Buffer[] = [];
    let size = 0;
    for (;;) {
      const line = await this.#reader.line();
      if (line.length === 1 && line[0] === DOT) break;
      size += line.length + 2;
      if (size <= LARGEST_ARTICLE) lines.push(line[0] === DOT ? line.subarray(1) : line, CRLF);
    }
    return size > LARGEST_ARTICLE ? 'too large' : Buffer.concat(lines);
  }
}

/** Codes that begin with 4 may pass, but for those that are about the command or the article itself. */
function expectCode(reply: Reply, expected: readonly number[]): Reply {
  const { code, text } = reply;
  if (expected.includes(code)) return reply;
  const isPassing = (code >= 400 && code < 410) || code === 436;
  if (isPassing) throw new NewsTroubleError(`The news server answers ${code} ${text}`);
  throw new NewsRefusalError(code, text);
}
