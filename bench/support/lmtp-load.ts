import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A mail of a few kilobytes, as posts are. */
export function samplePost(listAddress: string, number: number, octets = 4000): Buffer {
  const line = 'The quick brown fox jumps over the lazy dog, and the dog does not mind at all.\r\n';
  return Buffer.from(
    `From: Anne Person <member0@example.org>\r\nTo: ${listAddress}\r\nSubject: Post ${number}\r\n` +
      `Message-ID: <bench.${process.pid}.${performance.now()}.${number}@example.net>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n` +
      `Content-Type: text/plain; charset=us-ascii\r\n\r\n${line.repeat(Math.ceil(octets / line.length))}`,
  );
}

/**
 * Posts by LMTP over several sessions that are kept.
 * @returns seconds until the last reply
 */
export async function postMany(
  port: number,
  listAddress: string,
  count: number,
  sessions: number,
): Promise<number> {
  const open = await Promise.all(Array.from({ length: sessions }, () => Session.open(port)));
  const start = performance.now();
  let next = 0;
  await Promise.all(
    open.map(async (session) => {
      for (let number = next++; number < count; number = next++) {
        await session.post('member0@example.org', listAddress, samplePost(listAddress, number));
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  for (const session of open) session.close();
  return seconds;
}

/** One LMTP session. */
export class Session {
  readonly #socket: Socket;
  #text = '';
  #wake = (): void => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.setEncoding('latin1');
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

  /** @throws Error where the mail is not accepted */
  async post(sender: string, recipient: string, message: Buffer): Promise<void> {
    this.#socket.write(`MAIL FROM:<${sender}>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
    await this.#replies(3);
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
