import { afterEach, beforeEach, expect, test } from 'vitest';
import { prepareDigest } from '../../src/digests/prepare.ts';
import { digests } from '../../src/flow/rules/digests.ts';
import { composeMessage, textPart } from '../../src/message/compose.ts';
import { encodeHeader } from '../../src/message/encoded-words.ts';
import { Message } from '../../src/message/message.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.set({ display_name: 'Ant (big)' });
});

afterEach(() => bench.close());

/** Looks at a post with the rule as `hold_digest` says. */
async function check(message: Message, isOn = true): Promise<readonly string[] | null | undefined> {
  const list = await bench.list();
  let found: readonly string[] | null | undefined;
  await bench.step(async (step) => {
    const mailman = { ...step.config.mailman, hold_digest: isOn };
    const config = { ...step.config, mailman };
    found = await digests.check({ list, message, metadata: {} }, { ...step, config });
  });
  return found;
}

const post = (subject: string, text: string): Message =>
  composeMessage([['Subject', encodeHeader(subject, 'utf-8')]], textPart(text, 'utf-8'));

test.each(['en', 'de', 'fr', 'ja'])('an answer to a whole digest in %s is known', async (language) => {
  await bench.set({ preferred_language: language });
  const list = await bench.list();
  let subject = '';
  let masthead = '';
  await bench.step(async (step) => {
    const issue = { volume: 12, number: 3 };
    ({ subject, masthead } = await prepareDigest(step, list, issue, [Message.parse(Buffer.from(mail()))]));
  });
  const answer = post(`Re: ${subject}`, 'I agree.\n');
  expect(await check(answer)).toEqual(['Message has a digest subject']);
  expect(await check(answer, false)).toBeNull();
  const lines = masthead.split('\n').filter((line) => line.trim() !== '');
  // Four lines are the default of masthead_threshold.
  const quote = (count: number): string =>
    lines
      .slice(0, count)
      .map((line) => `> ${line}\n`)
      .join('');
  expect(await check(post('Re: ants', quote(4)))).toEqual(['Message quotes digest boilerplate']);
  expect(await check(post('Re: ants', quote(3)))).toBeNull();
});

test('the subject and the masthead of Mailman are known, too', async () => {
  expect(await check(post('Re: Other Digest, Vol 1, Issue 2', 'Yes.\n'))).toEqual([
    'Message has a digest subject',
  ]);
  const masthead = [
    'Send Ant mailing list submissions to',
    '\tant@example.com',
    'To subscribe or unsubscribe via the World Wide Web, visit',
    '\tant-request@example.com',
    '\tant-owner@example.com',
  ];
  const quoted = masthead.map((line) => `> ${line}\n`).join('');
  expect(await check(post('Re: ants', quoted))).toEqual(['Message quotes digest boilerplate']);
});
