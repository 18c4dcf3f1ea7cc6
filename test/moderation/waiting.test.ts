import { afterEach, beforeEach, expect, test } from 'vitest';
import { partText } from '../../src/message/text.ts';
import { notifyModerators } from '../../src/moderation/waiting.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
});

afterEach(() => bench.close());

/** The text of the reminder of what waits. */
async function reminder(): Promise<string> {
  const list = await bench.list();
  const [notice] = await bench.step(async (step) => {
    await notifyModerators(step, list);
  });
  return notice ? partText(notice.message.root) : '';
}

test('a reminder names what waits in the words of Mailman', async () => {
  await bench.post(mail({ From: 'zed@example.net', Subject: 'Hello\tthere' }));
  expect(await reminder()).toContain(
    [
      '    Held Messages:',
      '        Sender: zed@example.net',
      '        Subject: Hello there',
      '        Reason: The message is not from a list member',
    ].join('\n'),
  );
});

test('or in those of the language of the list, reasons too', async () => {
  await bench.set({ preferred_language: 'de' });
  await bench.post(mail({ From: 'zed@example.net', Subject: null }));
  const text = await reminder();
  expect(text).toContain('    Zurückgehaltene Nachrichten:\n        Absender: zed@example.net\n');
  expect(text).toContain('        Grund: Die Nachricht stammt nicht von einem Mitglied der Liste\n');
});

test('of much, a hundred posts are named', async () => {
  for (let post = 0; post < 102; post += 1) await bench.post(mail({ From: 'zed@example.net' }));
  const text = await reminder();
  expect(text.match(/Sender: /g)).toHaveLength(100);
  expect(text).toContain('... 2 more');
});
