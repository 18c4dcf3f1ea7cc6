import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A mail to be posted. */
export interface SamplePost {
  readonly id: string;
  readonly bytes: Buffer;
}

const LINE = 'The quick brown fox jumps over the lazy dog, and the dog does not mind at all.\r\n';

let posts = 0;

/** A mail of a few kilobytes, as posts are; no two have the same Message-ID. */
export function samplePost(listAddress: string, octets = 4000): SamplePost {
  posts += 1;
  const id = `<bench.${process.pid}.${posts}@example.net>`;
  const bytes = Buffer.from(
    `From: Anne Person <member0@example.org>\r\nTo: ${listAddress}\r\nSubject: Post ${posts}\r\n` +
      `Message-ID: ${id}\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n` +
      `Content-Type: text/plain; charset=us-ascii\r\n\r\n${LINE.repeat(Math.ceil(octets / LINE.length))}`,
  );
  return { id, bytes };
}

/** What has become of many posts. */
export interface Load {
  /** The identifiers of those that were accepted. */
  readonly accepted: readonly string[];
  /** Until the last reply. */
  readonly seconds: number;
}

/**
 * Posts by LMTP over several sessions that are kept.
 * @param to the address of a list, or of several, to which the posts go in turns
 * @param isBreakable whether the server may break off: then what was accepted until then is returned
 */
export async function postMany(
  port: number,
  to: string | readonly string[],
  count: number,
  { sessions = 10, isBreakable = false } = {},
): Promise<Load> {
  const open = await Promise.all(Array.from({ length: sessions }, () => Session.open(port)));
  const addresses = typeof to === 'string' ? [to] : to;
  const mails = Array.from({ length: count }, (_, index) => {
    const address = addresses[index % addresses.length] ?? '';
    return { address, ...samplePost(address) };
  });
  const accepted: string[] = [];
  const start = performance.now();
  await Promise.all(
    open.map(async (session) => {
      for (let mail = mails.pop(); mail; mail = mails.pop()) {
        try {
          await session.post('member0@example.org', mail.address, mail.bytes);
        } catch (error) {
          if (isBreakable) return;
          throw error;
        }
        accepted.push(mail.id);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const session of open) session.close();
  return { accepted, seconds };
}

/** Sessions that Postfix keeps to one server at most, as it is installed (default_destination_concurrency_limit). */
const POSTFIX_SESSIONS = 20;

/**
 * Posts as Postfix does when it always has more to deliver: over 20 kept sessions, each with its next mail as soon as the
 * last is taken.
 */
export async function postFor(port: number, listAddress: string, seconds: number): Promise<Load> {
  const open = await Promise.all(Array.from({ length: POSTFIX_SESSIONS }, () => Session.open(port)));
  const accepted: string[] = [];
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  await Promise.all(
    open.map(async (session) => {
      while (elapsed() < seconds) {
        const { id, bytes } = samplePost(listAddress);
        await session.post('member0@example.org', listAddress, bytes);
        accepted.push(id);
      }
    }),
  );
  const took = elapsed();
  for (const session of open) session.close();
  return { accepted, seconds: took };
}

/** One LMTP session. */
export class Session {
  readonly #socket: Socket;
  #text = '';
  #isEnded = false;
  #wake = (): void => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#isEnded = true;
      this.#wake();
    });
    socket.on('data', (text: string) => {
      this.#text += text;
      this.#wake();
    });
  }

  static async open(port: number): Promise<Session> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const session = new Session(socket);
    await session.#replies(1);
    socket.write('LHLO bench.example\r\n');
    await session.#replies(1);
    return session;
  }

  /** @throws Error where the mail is not accepted, or the connection ends */
  async post(sender: string, recipient: string, message: Buffer): Promise<void> {
    this.#socket.write(`MAIL FROM:<${sender}>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
    const early = await this.#replies(3);
    const refused = early.find((reply) => !/^[23]/.test(reply));
    if (refused !== undefined) throw new Error(refused);
    this.#socket.write(Buffer.concat([message, Buffer.from('.\r\n')]));
    const [reply = ''] = await this.#replies(1);
    if (!reply.startsWith('250')) throw new Error(reply);
  }

  close(): void {
    this.#socket.destroy();
  }

  async #replies(count: number): Promise<string[]> {
    const found: string[] = [];
    while (found.length < count) {
      const end = this.#text.indexOf('\n');
      if (end < 0) {
        if (this.#isEnded) throw new Error('The connection has ended');
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        continue;
      }
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      if (line[3] === ' ') found.push(line);
    }
    return found;
  }
}
