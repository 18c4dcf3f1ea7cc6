import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import { type MailServer, PEOPLE } from '../peers/mail-server.ts';
import { Letter } from './letter.ts';

/** How long a mail may take on a busy machine. */
const PATIENCE_MS = 30_000;

const LOOK_MS = 20;

/** What is written in a mail client. */
export interface Writing {
  readonly to: string;
  readonly subject?: string;
  readonly text?: string;
  /** Further header fields, such as `In-Reply-To`. */
  readonly fields?: Readonly<Record<string, string>>;
}

/** Somebody with a mailbox and a mail client. */
export class Person {
  readonly address: string;
  readonly name: string;
  readonly #localPart: string;
  readonly #port: number;
  readonly #server: () => MailServer;
  readonly #read = new Set<string>();
  #written = 0;

  /** @param port where mail is handed in */
  constructor(localPart: string, name: string, port: number, server: () => MailServer) {
    this.address = `${localPart}@${PEOPLE}`;
    this.name = name;
    this.#localPart = localPart;
    this.#port = port;
    this.#server = server;
  }

  /** The next mail that nobody has looked at, with this in its Subject; it counts as looked at from then on. */
  async next(subject: string | RegExp = ''): Promise<Letter> {
    const limit = Date.now() + PATIENCE_MS;
    for (;;) {
      for (const [file, letter] of this.#unread()) {
        if (!matches(letter.subject, subject)) continue;
        this.#read.add(file);
        return letter;
      }
      if (Date.now() > limit) {
        const lying = this.#unread().map(([, letter]) => letter.text.slice(0, 1000));
        throw new Error(
          `${this.address} got no mail ${subject}; there lies: ${lying.join('\n---\n')}\n${this.#server().log().slice(-1500)}`,
        );
      }
      await sleep(LOOK_MS);
    }
  }

  /** The Subjects of all mails that nobody has looked at. */
  unread(): string[] {
    return this.#unread().map(([, letter]) => letter.subject);
  }

  /** Hands a mail in. @returns its Message-ID. Throws the mail server's refusal, with its code in `responseCode`. */
  async write({ to, subject = '', text = '', fields = {} }: Writing): Promise<string> {
    this.#written += 1;
    const messageId = `<${this.#written}.${Buffer.from(this.#localPart).toString('hex')}@client.example>`;
    const from = this.name ? `${this.name} <${this.address}>` : this.address;
    const head = {
      From: from,
      To: to,
      Subject: subject,
      Date: 'Mon, 05 Oct 2026 10:00:00 +0200',
      'Message-ID': messageId,
      ...fields,
      'MIME-Version': '1.0',
      'Content-Type': 'text/plain; charset=us-ascii',
    };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}`);
    const raw = [...lines, '', ...text.split('\n')].join('\r\n');
    await this.#send(to, raw);
    return messageId;
  }

  /** Answers as a mail client does. @returns the Message-ID of the answer */
  reply(letter: Letter, text = '', changes: Partial<Writing> = {}): Promise<string> {
    const id = letter.header('Message-ID');
    const target = letter.header('Reply-To') || letter.header('From');
    return this.write({
      to: /<([^>]*)>/.exec(target)?.[1] ?? target,
      subject: letter.subject.startsWith('Re:') ? letter.subject : `Re: ${letter.subject}`,
      text,
      fields: { 'In-Reply-To': id, References: `${letter.header('References')} ${id}`.trim() },
      ...changes,
    });
  }

  /** Sends a mail back as mail servers do that know no better: with the null sender, and no more than a sentence. */
  returns(to: string, text: string): Promise<void> {
    const head = `From: postmaster@${PEOPLE}\r\nTo: ${to}\r\nSubject: Returned mail\r\n\r\n`;
    return this.#send(to, `${head}It did not work.\r\n\r\n${text.replaceAll('\n', '\r\n')}`, '');
  }

  async #send(to: string, raw: string, from = this.address): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: this.#port, ignoreTLS: true });
    try {
      await transport.sendMail({ envelope: { from, to: [to] }, raw });
    } finally {
      transport.close();
    }
  }

  #unread(): [file: string, letter: Letter][] {
    const files = [...this.#server().mailbox(this.#localPart)].filter(([file]) => !this.#read.has(file));
    return files.map(([file, bytes]) => [file, new Letter(bytes)]);
  }
}

function matches(subject: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? subject.includes(wanted) : wanted.test(subject);
}
