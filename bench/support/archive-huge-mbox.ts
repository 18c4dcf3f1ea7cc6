import { createCipheriv } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { plainMail, type SampleMail, sampleMails } from './archive-mbox.ts';

interface Part {
  readonly type: string;
  readonly name: string;
  /** Of what is attached, before base64. */
  readonly octets: number;
}

const ZIP = { type: 'application/zip', name: 'release.zip' };
const IMAGE = { type: 'image/jpeg', name: 'photo.jpg' };

/** What a mail brings with it: of each kind, every so many mails. The rarest first. */
const KINDS: readonly { readonly every: number; readonly part: (mail: number) => Part }[] = [
  // 25 to 50 MB in the mail
  { every: 8_000, part: (mail) => ({ ...ZIP, octets: 19e6 + ((mail / 8_000) % 7) * 3e6 }) },
  { every: 5_000, part: () => ({ type: 'text/plain', name: 'server.log', octets: 4e6 }) },
  { every: 500, part: (mail) => ({ ...ZIP, octets: 1e6 + ((mail / 500) % 5) * 1e6 }) },
  { every: 40, part: (mail) => ({ ...IMAGE, octets: 50e3 + ((mail / 40) % 9) * 35e3 }) },
];
/** Octets of a line of base64, before it is that. */
const LINE = 57;
const LINES_AT_ONCE = 10_000;

/** Mails of 4 GB. */
export const HUGE = 200_000;

/**
 * Writes an mbox as large lists have them, in which attachments take more room than texts: among 200,000
 * mails, 25 have 25 to 50 MB.
 * @returns its bytes
 */
export function writeHugeMbox(path: string, mails: number = HUGE): number {
  const file = openSync(path, 'w');
  const random = incompressible();
  let total = 0;
  let number = 0;
  try {
    for (const mail of sampleMails(mails)) {
      number += 1;
      const part = KINDS.find(({ every }) => number % every === 0)?.part(number);
      for (const piece of part ? mailWith(part, mail, random) : [plainMail(mail)])
        total += writeSync(file, piece);
    }
  } finally {
    closeSync(file);
  }
  return total;
}

function* mailWith(part: Part, { head, text }: SampleMail, random: Random): Generator<string> {
  const { type, name, octets } = part;
  yield `${head}Content-Type: multipart/mixed; boundary="=-="\n\n--=-=\nContent-Type: text/plain; charset="us-ascii"\n\n`;
  yield `${text}\n--=-=\nContent-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\n`;
  yield `Content-Transfer-Encoding: ${type === 'text/plain' ? '7bit' : 'base64'}\n\n`;
  for (let left = octets; left > 0; left -= LINE * LINES_AT_ONCE) {
    const piece = Math.min(left, LINE * LINES_AT_ONCE);
    yield type === 'text/plain' ? text.repeat(Math.ceil(piece / text.length)) : lines(random(piece));
  }
  yield '--=-=--\n\n';
}

function lines(bytes: Buffer): string {
  const all: string[] = [];
  for (let at = 0; at < bytes.length; at += LINE) all.push(bytes.toString('base64', at, at + LINE));
  return `${all.join('\n')}\n`;
}

type Random = (octets: number) => Buffer;

/** Bytes that are the same each time and that nothing can compress. */
function incompressible(): Random {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16));
  return (octets) => stream.update(Buffer.alloc(Math.ceil(octets)));
}
