import { afterEach, beforeEach, expect, test } from 'vitest';
import { detectBounce } from '../../src/bounces/detect.ts';
import { commandStep } from '../../src/flow/command-step.ts';
import { Message } from '../../src/message/message.ts';
import { collect, sendAll } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { copiesOf, queued, throughPipeline } from '../support/pipeline.ts';
import { processorTime } from '../support/processor-time.ts';

const SIZE = 300_000;

/** Any of these takes seconds at most where time grows with the size, and hours where it grows with its square. */
const SECONDS = 10;

/** What patterns that try again from each place take long over: a run, and behind it what they do not want. */
const pieces: readonly string[] = [
  '\n',
  ' ',
  '\t \r\n',
  '.',
  '@.',
  '"',
  '\\"',
  '(',
  '<',
  '>"\'',
  '[ant ',
  're ',
  're:',
  '=?utf-8?q?',
  '=?',
  '?',
  ';a=',
  ';a*0*=',
  ',',
  'a@b.cc,',
  '&nbsp;',
  '<a ',
  '<!--',
  'approved: x ',
  '--x\n',
  '0',
  '\xe9',
  '\x1b$B',
];

/** Headers that the way of a post or a bounce looks at. */
const others = [
  'To',
  'Cc',
  'Subject',
  'List-Post',
  'List-Id',
  'Keywords',
  'Authentication-Results',
  'References',
] as const;

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Anne <anne@example.com>', 'Bart <bart@example.net>']);
  await bench.set({
    subject_prefix: '[Ant %d] ',
    filter_content: true,
    filter_types: ['image'],
    collapse_alternatives: true,
    convert_html_to_plaintext: true,
    dmarc_mitigate_action: 'munge_from',
    dmarc_mitigate_unconditionally: true,
    scrub_nondigest: true,
    personalize: 'full',
    topics_enabled: true,
    topics: [{ name: 'all', patterns: 'hello', description: '' }],
    max_message_size: 0,
    moderator_password: null,
  });
});

afterEach(() => bench.close());

async function everything(text: string): Promise<void> {
  const message = text.replace(/\r?\n/g, '\r\n');
  await bench.post(text, { envelope_sender: 'anne@example.com' });
  for (const out of queued(await throughPipeline(bench, message), 'out')) await copiesOf(bench, out);
  await bench.step((step) =>
    commandStep(Buffer.from(message, 'latin1'), { listid: 'ant.example.com', subaddress: 'request' }, step),
  );
  detectBounce(Message.parse(Buffer.from(message, 'latin1')));
  await collect(bench, [message]);
  await sendAll(bench);
}

async function secondsFor(text: string): Promise<number> {
  const spent = processorTime();
  await everything(text);
  return spent() / 1000;
}

const named = pieces.map((piece) => [JSON.stringify(piece), piece] as const);

test.each(named)('bodies with many of %s', async (_, piece) => {
  const run = piece.repeat(SIZE / piece.length);
  for (const type of [
    'text/plain',
    'text/html',
    'multipart/mixed; boundary=x',
    'multipart/report; boundary=x',
  ]) {
    const body = `${type.startsWith('multipart') ? '--x\n\n' : ''}${run}x\n`;
    expect(await secondsFor(mail({ 'Content-Type': type }, body)), type).toBeLessThan(SECONDS);
  }
});

/** One after the other what ends the way of a mail early, the others together. */
const groups = [['From'], ['Content-Type'], ['Content-Disposition', 'Approved'], others] as const;

test.each(named)('headers with many of %s', async (_, piece) => {
  const value = piece.replaceAll('\n', '\n ');
  for (const names of groups) {
    const run = `${value.repeat(SIZE / value.length / names.length)}x`;
    const seconds = await secondsFor(mail(Object.fromEntries(names.map((name) => [name, run]))));
    expect(seconds, names.join(' ')).toBeLessThan(SECONDS);
  }
});

test('a line of a body that looks like a header, with blanks before a separator of lines that ends none', async () => {
  const body = `Keywords:${' '.repeat(SIZE / 4)}\xe2\x80\xa8x\n`;
  expect(await secondsFor(mail({ 'Content-Type': 'text/plain; charset=utf-8' }, body))).toBeLessThan(2);
});
