import { afterEach, beforeEach, expect, test } from 'vitest';
import { registerDeliveryFailure, registerRefusals } from '../../src/bounces/delivery-failure.ts';
import type { MessageMetadata } from '../../src/queue/queues.ts';
import { type BounceBench, openBounceBench, sent } from './bench.ts';

const BART = 'bart@example.net';

let bench: BounceBench;
beforeEach(async () => {
  bench = await openBounceBench();
});
afterEach(() => bench.close());

const score = async (email = BART) => (await bench.member(email))?.bounce.score;

async function refuse(code: number, text = 'no such user', metadata: MessageMetadata = {}): Promise<void> {
  await bench.step((step) =>
    registerRefusals(
      { metadata: { listid: 'ant.example.com', ...metadata } },
      [
        { recipient: 'Bart@example.net', code, text },
        { recipient: 'stranger@example.org', code, text },
      ],
      step,
    ),
  );
}

test('a refusal for good is a bounce', async () => {
  await refuse(550);
  await bench.count();
  expect(await score()).toBe(1);
});

test.each([444, 451, 552])('reply %i is none', async (code) => {
  await refuse(code);
  await bench.count();
  expect(await score()).toBe(0);
});

test('owners see what the mail server said, and nothing that it smuggled in', async () => {
  await bench.set({ bounce_score_threshold: 1 });
  await refuse(550, '5.1.1 unbekannt\r\nBcc: victim@example.org\r\n\r\n--x\x00\x1b[2J');
  const [, notice] = await bench.count();
  const inner = notice?.message.root.children.at(-1)?.message;
  expect(inner?.headers.get('Subject')).toBe('SMTP Delivery Failure');
  expect(inner?.headers.get('From')).toBe('Mailman <ant@example.com>');
  expect(inner?.headers.get('To')).toBe('Mailman Bounces <ant-bounces@example.com>');
  expect(inner?.headers.has('Bcc')).toBe(false);
  expect(inner?.body.toString()).toContain('with code 550:\r\n\r\n    5.1.1 unbekannt\r\n');
  expect(inner?.body.toString()).toMatch(/^[^\p{Cc}]*(?:\r\n[^\p{Cc}]*)*$/u);
});

test('a probe that is refused switches delivery off', async () => {
  await bench.close();
  bench = await openBounceBench({ verp_probes: true });
  await bench.set({ bounce_score_threshold: 1 });
  const [probe] = await bench.bounce(BART);
  await refuse(550, 'no', probe?.metadata ?? {});
  expect(sent(await bench.count())).toHaveLength(2);
  expect((await bench.member(BART))?.preferences.delivery_status).toBe('by_bounces');
});

test('a list that is gone, or processes no bounces, registers nothing', async () => {
  await refuse(550, 'no', { listid: 'gone.example.com' });
  await bench.set({ process_bounces: false });
  await refuse(550);
  const list = await bench.list();
  await bench.step(async (step) => {
    expect(await registerDeliveryFailure(step, list, BART, 550, 'no')).toBe(false);
  });
  expect(await bench.database.connection('bounce_event').select('event_id')).toEqual([]);
});
