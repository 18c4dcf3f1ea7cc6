import { closeSync, openSync, writeSync } from 'node:fs';
import { formatFromLine } from '../../migrate/mbox/writer.ts';

const COMMON = (
  'the of and to in is that for it with as was on are this be at by have from or not but an which they you we all can ' +
  'archive list server message thread reply patch index question answer meeting report number release planning'
).split(' ');
/** Words that people use; each half as often as one of half its rank (Zipf), as in every language. */
const VOCABULARY = 50_000;
const STARTS = 'b c d f g h j k l m n p r s t v w br cl dr fl gr pl pr sh sp st th tr wh'.split(' ');
const VOWELS = 'a e i o u ai ea ee io ou'.split(' ');
const ENDS = ['', 'l', 'm', 'n', 'nd', 'ng', 'nt', 'r', 'rt', 's', 'st', 't'];

const BODY_LENGTH = 2250;
const PEOPLE = 500;
const HOUR = 3_600_000;

/** The word of a rank: the rarer, the longer. */
function wordOf(rank: number): string {
  const common = COMMON[rank];
  if (common !== undefined) return common;
  let word = '';
  for (let rest = rank; rest > 0; ) {
    word += STARTS[rest % STARTS.length];
    rest = Math.floor(rest / STARTS.length);
    word += VOWELS[rest % VOWELS.length];
    rest = Math.floor(rest / VOWELS.length);
    word += ENDS[rest % ENDS.length];
    rest = Math.floor(rest / ENDS.length);
  }
  return word;
}

/** Numbers that look random and are the same each time. */
function* randomNumbers(): Generator<number, never> {
  for (let state = 12_345; ; ) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    yield state >>> 8;
  }
}

/** A mail as it stands in an mbox: the separator and most of the header; then, after its type, the text. */
export interface SampleMail {
  readonly head: string;
  readonly text: string;
}

/** Mails of 2.8 KB, one in ten of which begins a thread. */
export function* sampleMails(messages: number): Generator<SampleMail> {
  const random = randomNumbers();
  const pick = (count: number): number => random.next().value % count;
  let used: string[] = [];
  const word = (): string => {
    // What a mail is about comes again and again.
    const again = pick(3) === 0 ? used[pick(used.length || 1)] : undefined;
    const found = again ?? wordOf(Math.floor(VOCABULARY ** (pick(1 << 20) / (1 << 20))) - 1);
    used.push(found);
    return found;
  };
  const words = (count: number): string => Array.from({ length: count }, word).join(' ');
  let date = Date.UTC(1999, 0, 1);
  for (let number = 0; number < messages; number += 1) {
    date += pick(HOUR);
    const answered = number < 10 || number % 10 === 0 ? undefined : number - 1 - pick(9);
    used = [];
    yield sampleMail(number, date, answered, words);
  }
}

/**
 * Writes an mbox of `sampleMails`.
 * @returns its bytes
 */
export function writeArchiveMbox(path: string, messages: number): number {
  const file = openSync(path, 'w');
  let total = 0;
  try {
    for (const mail of sampleMails(messages)) total += writeSync(file, plainMail(mail));
  } finally {
    closeSync(file);
  }
  return total;
}

export function plainMail({ head, text }: SampleMail): string {
  return `${head}Content-Type: text/plain; charset="us-ascii"\n\n${text}\n`;
}

function sampleMail(
  number: number,
  date: number,
  answered: number | undefined,
  words: (count: number) => string,
): SampleMail {
  const address = `user${number % PEOPLE}@example.com`;
  const mailDate = new Date(date).toUTCString().replace('GMT', '+0000');
  const answers = answered === undefined ? '' : `In-Reply-To: <${answered}@example.com>\n`;
  let text = '';
  while (text.length < BODY_LENGTH) text += `${words(10)}\n`;
  const head =
    `${formatFromLine(address, date)}Received: from mail.example.com by mx.example.net with ESMTP id ${number};\n` +
    `\t${mailDate}\nFrom: User ${number % PEOPLE} <${address}>\nTo: ant@example.com\nDate: ${mailDate}\n` +
    `Message-ID: <${number}@example.com>\n${answers}Subject: ${words(4)}\nMIME-Version: 1.0\n`;
  return { head, text };
}
