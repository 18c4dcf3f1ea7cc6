import { LmtpClient } from '../../test/mta/lmtp-client.ts';

/** Pause between two posts of a session, and before the next attempt, in milliseconds. */
const PAUSE_MS = 20;
const AGAIN_MS = 30;

/** What became of an attempt to hand a post in. */
export type Fate = 'accepted' | 'unknown' | 'refused';

/** Hands posts in as a mail server does: what was not answered with 250 is sent again. */
export class Poster {
  /** By `post.attempt`; only what came as far as the message itself is an attempt. */
  readonly fates = new Map<string, Fate>();
  accepted = 0;
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
            this.accepted += 1;
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
    return client.data(
      `From: member0@example.org\r\nTo: ${this.#list}\r\nMessage-ID: <post${post}@example.org>\r\n` +
        `X-Attempt: ${id}\r\nSubject: Post ${post}\r\n\r\n${'Hello, all of you.\r\n'.repeat(50)}`,
    );
  }

  async #open(): Promise<LmtpClient> {
    const client = await LmtpClient.open(this.#port);
    await client.ask('LHLO crash.example');
    return client;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
