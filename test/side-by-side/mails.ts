import { readdirSync, readFileSync } from 'node:fs';
import { moreMails } from './more-mails.ts';

/** A mail that is hard to handle. */
export interface AwkwardMail {
  readonly name: string;
  /** Of the envelope; '' is the null sender. */
  readonly sender: string;
  /** As it comes over LMTP, dots not yet doubled. */
  readonly content: Buffer;
}

const FIXTURES = new URL('../../fixtures/mail/', import.meta.url);

/** All mails of the comparison, always in the same order. */
export function awkwardMails(): AwkwardMail[] {
  const files = readdirSync(FIXTURES)
    .filter((name) => name.endsWith('.eml'))
    .sort();
  const fixtures = files.map((file) => [
    file.replace(/\.eml$/, ''),
    withNetworkLineEnds(readFileSync(new URL(file, FIXTURES)).toString('latin1')),
  ]);
  const more = Object.entries(moreMails).map(([name, text]) => [name, text.replaceAll('\n', '\r\n')]);
  return [...fixtures, ...more].map(([name = '', text = '']) => ({
    name,
    sender: envelopeSender(text),
    content: Buffer.from(text, 'latin1'),
  }));
}

/** Where a fixture is about its line ends it has CRLF somewhere; the others are files with LF. */
function withNetworkLineEnds(text: string): string {
  return text.includes('\r') ? text : text.replaceAll('\n', '\r\n');
}

/** The author; a member where the mail names none, so that it goes as far as it can. */
function envelopeSender(text: string): string {
  const author = /^From:.*?([\w.+-]+@[\w.-]+)/m.exec(text)?.[1] ?? 'anna@example.com';
  return author.startsWith('MAILER-DAEMON') ? '' : author;
}
