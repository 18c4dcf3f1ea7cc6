import { connect, type Socket } from 'node:net';

/** What became of a post that was handed in: `cut` where the mail server was killed before it answered. */
export type Fate = 'taken' | 'cut';

const PAUSE_MS = 100;
const LIMIT_MS = 20_000;

/** The mail server went away while it could not have taken the mail yet. */
class NotTaken extends Error {}

/**
 * Hands a mail in as mail clients do, again and again until the mail server may have taken it: never twice where it might
 * have.
 */
export async function handIn(
  port: number,
  envelope: { readonly from: string; readonly to: string },
  message: string,
): Promise<Fate> {
  const end = Date.now() + 4 * LIMIT_MS;
  for (;;) {
    try {
      return await attempt(port, envelope, message);
    } catch (error) {
      if (!(error instanceof NotTaken) || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

async function attempt(
  port: number,
  { from, to }: { readonly from: string; readonly to: string },
  message: string,
): Promise<Fate> {
  const socket = connect(port, '127.0.0.1');
  const answers = new Answers(socket);
  try {
    await answers.next('220');
    for (const [line, expected] of [
      ['EHLO client.example', '250'],
      [`MAIL FROM:<${from}>`, '250'],
      [`RCPT TO:<${to}>`, '250'],
      ['DATA', '354'],
    ] as const) {
      socket.write(`${line}\r\n`);
      await answers.next(expected);
    }
    socket.write(`${message}\r\n.\r\n`);
    try {
      await answers.next('250');
    } catch (error) {
      if (error instanceof NotTaken && error.message === 'gone') return 'cut';
      throw error;
    }
    socket.write('QUIT\r\n');
    return 'taken';
  } finally {
    socket.end();
    setTimeout(() => socket.destroy(), 500).unref();
  }
}

/** The answers of a mail server, one after the other. */
class Answers {
  #text = '';
  #isGone = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    const gone = (): void => {
      this.#isGone = true;
      this.#wake();
    };
    socket.setTimeout(LIMIT_MS, gone);
    socket.once('error', gone);
    socket.once('close', gone);
    socket.on('data', (chunk) => {
      this.#text += chunk.toString('latin1');
      this.#wake();
    });
  }

  /** @throws NotTaken where another answer comes, or none */
  async next(expected: string): Promise<void> {
    for (;;) {
      const last = /^(?:\d{3}-.*\r\n)*(\d{3}) .*\r\n/.exec(this.#text);
      if (last) {
        this.#text = this.#text.slice(last[0].length);
        if (last[1] !== expected) throw new NotTaken(last[0].trim());
        return;
      }
      if (this.#isGone) throw new NotTaken('gone');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
