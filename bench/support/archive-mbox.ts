import { closeSync, openSync, writeSync } from 'node:fs';
import { formatFromLine } from '../../migrate/mbox/writer.ts';

const WORDS = (
  'archive list server message thread reply patch index question answer meeting report number release planning ' +
  'coffee water mountain river garden window paper letter morning evening harbour bridge forest meadow station ' +
  'winter summer kitchen engine music colour weather teacher student doctor market village country language'
).split(' ');

const BODY_LENGTH = 2250;
const PEOPLE = 500;
const HOUR = 3_600_000;

/** Numbers that look random and are the same each time. */
function* randomNumbers(): Generator<number, never> {
  for (let state = 12_345; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield state >>> 8;
  }
}

/**
 * Writes an mbox of messages of 2.8 KB, one in ten of which begins a thread.
 * @returns its bytes
 */
export function writeArchiveMbox(path: string, messages: number): number {
  const random = randomNumbers();
  const pick = (count: number): number => random.next().value % count;
  const words = (count: number): string =>
    Array.from({ length: count }, () => WORDS[pick(WORDS.length)] ?? '').join(' ');
  const file = openSync(path, 'w');
  let total = 0;
  let date = Date.UTC(1999, 0, 1);
  try {
    for (let number = 0; number < messages; number += 1) {
      date += pick(HOUR);
      const answered = number < 10 || number % 10 === 0 ? undefined : number - 1 - pick(9);
      const message = formatMessage(number, date, answered, words);
      total += writeSync(file, message);
    }
  } finally {
    closeSync(file);
  }
  return total;
}

function formatMessage(
  number: number,
  date: number,
  answered: number | undefined,
  words: (count: number) => string,
): string {
  const address = `user${number % PEOPLE}@example.com`;
  const mailDate = new Date(date).toUTCString().replace('GMT', '+0000');
  const answers = answered === undefined ? '' : `In-Reply-To: <${answered}@example.com>\n`;
  let body = '';
  while (body.length < BODY_LENGTH) body += `${words(10)}\n`;
  return (
    `${formatFromLine(address, date)}Received: from mail.example.com by mx.example.net with ESMTP id ${number};\n` +
    `\t${mailDate}\nFrom: User ${number % PEOPLE} <${address}>\nTo: ant@example.com\nDate: ${mailDate}\n` +
    `Message-ID: <${number}@example.com>\n${answers}Subject: ${words(4)}\nMIME-Version: 1.0\n` +
    `Content-Type: text/plain; charset="us-ascii"\n\n${body}\n`
  );
}
