import { LmtpClient } from '../mta/lmtp-client.ts';
import type { SmtpSink } from '../support/smtp-sink.ts';

export const LIST = 'crowd@example.com';
const POSTS = 40;
/** How many members the list is to have. */
export const MEMBERS = 30;
/** How many copies of all posts there are to be. */
export const COPIES = POSTS * MEMBERS;

/**
 * Posts as a mail server does: what was not answered with 250 is sent again.
 * @returns the Message-IDs of posts whose reply got lost, or that may have been stored all the same
 */
export async function postAll(port: number): Promise<Set<string>> {
  const uncertain = new Set<string>();
  for (let number = 0; number < POSTS; ) {
    const id = `<post${number}@example.org>`;
    let isSent = false;
    try {
      const client = await LmtpClient.transaction(port);
      const taken = await client.ask(`RCPT TO:<${LIST}>`);
      if (!taken.startsWith('250')) throw new Error(taken);
      isSent = true;
      const [reply] = await client.data(
        `From: member0@example.org\r\nTo: ${LIST}\r\nMessage-ID: ${id}\r\nSubject: Post ${number}\r\n\r\nHello.\r\n`,
      );
      client.close();
      if (!reply?.startsWith('250')) throw new Error(reply);
      number += 1;
      await new Promise((resolve) => setTimeout(resolve, 10));
    } catch {
      if (isSent) uncertain.add(id);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return uncertain;
}

/** Posts and members whom they have not reached yet. */
export function missing({ mails }: SmtpSink): string[] {
  const seen = new Set(
    mails.flatMap(({ message, recipients }) => recipients.map((one) => `${idOf(message)} ${one}`)),
  );
  const wanted = Array.from({ length: POSTS }, (_, post) =>
    Array.from({ length: MEMBERS }, (_, member) => `<post${post}@example.org> member${member}@example.org`),
  );
  return wanted.flat().filter((one) => !seen.has(one));
}

/** How many transactions brought somebody what he had, without those of some posts. */
export function repeats({ mails }: SmtpSink, uncertain: ReadonlySet<string>): number {
  const seen = new Set<string>();
  let count = 0;
  for (const { message, recipients } of mails) {
    const id = idOf(message);
    if (uncertain.has(id)) continue;
    const keys = recipients.map((one) => `${id} ${one}`);
    if (keys.some((key) => seen.has(key))) count += 1;
    for (const key of keys) seen.add(key);
  }
  return count;
}

function idOf(message: Buffer): string {
  return /^Message-ID: (<[^>]*>)/im.exec(message.toString('latin1'))?.[1] ?? '';
}
