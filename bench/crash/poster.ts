import { LmtpClient } from '../../test/mta/lmtp-client.ts';

/** Pause between two posts of a session, and before the next attempt, in milliseconds. */
const PAUSE_MS = 20;
const AGAIN_MS = 30;

/** How many lines a post has; one begins with a dot. */
const LINES = 50;

/** The first line of the footer. */
const FOOTER_RULE = '_'.repeat(60);

/** What became of an attempt to hand a post in. */
export type Fate = 'accepted' | 'unknown' | 'refused';

/** Hands posts in as a mail server does: what was not answered with 250 is sent again. */
export class Poster {
  /** By `post.attempt`; only what came as far as the message itself is an attempt. */
  readonly fates = new Map<string, Fate>();
  accepted = 0;
  readonly #waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  readonly #port: number;
  readonly #list: string;

  constructor(port: number, list: string) {
    this.#port = port;
    this.#list = list;
  }

  /** Resolves when all posts from `from` on are accepted. */
  async postAll(from: number, count: number, sessions: number): Promise<void> {
    let next = from;
    await Promise.all(
      Array.from({ length: sessions }, async () => {
        let client: LmtpClient | undefined;
        for (let post = next++; post < from + count; post = next++) client = await this.#post(post, client);
        client?.close();
      }),
    );
  }

  /** Resolves in the moment in which so many posts are accepted: nothing more is done for them then than was done before the reply. */
  whenAccepted(count: number): Promise<void> {
    if (this.accepted >= count) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ count, resolve }));
  }

  #noteAccepted(): void {
    this.accepted += 1;
    for (const { count, resolve } of this.#waiting) if (this.accepted >= count) resolve();
  }

  /** @returns the connection, for the next one */
  async #post(post: number, kept: LmtpClient | undefined): Promise<LmtpClient> {
    let client = kept;
    for (let attempt = 0; ; ) {
      try {
        client ??= await this.#open();
        const answers = [
          await client.ask('MAIL FROM:<member0@example.org>'),
          await client.ask(`RCPT TO:<${this.#list}>`),
        ];
        if (answers.every((answer) => answer.startsWith('250'))) {
          const id = `${post}.${attempt}`;
          attempt += 1;
          const [reply = ''] = await this.#data(client, post, id);
          this.fates.set(id, reply.startsWith('250') ? 'accepted' : 'refused');
          if (reply.startsWith('250')) {
            this.#noteAccepted();
            await pause(PAUSE_MS);
            return client;
          }
        }
      } catch {
        // The server is away.
      }
      client?.close();
      client = undefined;
      await pause(AGAIN_MS);
    }
  }

  #data(client: LmtpClient, post: number, id: string): Promise<string[]> {
    this.fates.set(id, 'unknown');
    const head = [...headersOf(post, this.#list), `X-Attempt: ${id}`, `Subject: ${subjectOf(post)}`];
    return client.data(`${head.join('\r\n')}\r\n\r\n${doubledDots(textOf(post))}`);
  }

  async #open(): Promise<LmtpClient> {
    const client = await LmtpClient.open(this.#port);
    await client.ask('LHLO crash.example');
    return client;
  }
}

function headersOf(post: number, list: string): string[] {
  return ['From: member0@example.org', `To: ${list}`, `Message-ID: <post${post}@example.org>`];
}

function subjectOf(post: number): string {
  return `Post ${post}`;
}

function textOf(post: number): string {
  const line = (index: number): string =>
    index === 7 ? `.hidden ${post}` : `Hello, all of you. ${post}/${index}`;
  return Array.from({ length: LINES }, (_, index) => `${line(index)}\r\n`).join('');
}

/** RFC 5321 4.5.2 */
function doubledDots(text: string): string {
  return text.replace(/^\./gm, '..');
}

/**
 * Whether a copy of a post is as it was handed in, but for what the list adds: headers, a prefix, a footer.
 * @param message with doubled dots, without the one that ends it
 */
export function isWhole(message: string, list: string): boolean {
  const end = message.indexOf('\r\n\r\n');
  const post = Number(/^X-Attempt: (\d+)\./m.exec(message)?.[1]);
  const head = message.slice(0, end).split('\r\n');
  const [text = '', footer = ''] = message.slice(end + 4).split(`${FOOTER_RULE}\r\n`);
  return (
    headersOf(post, list).every((field) => head.filter((line) => line === field).length === 1) &&
    head.filter((line) => line.startsWith('Subject: ')).length === 1 &&
    head.some((line) => line.startsWith('Subject: ') && line.endsWith(` ${subjectOf(post)}`)) &&
    text === doubledDots(textOf(post)) &&
    footer.endsWith(`-leave@${list.slice(list.indexOf('@') + 1)}`)
  );
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
