import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { heldMessagesOf } from '../../src/database/held-messages.ts';
import { type Decision, decideHeldPost, discardExpiredPosts } from '../../src/moderation/held-posts.ts';
import { type Enqueued, type FlowBench, mail, openFlowBench } from '../support/flow.ts';

const DAY = 86_400;

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.set({ emergency: true });
  await bench.join(['Anne <anne@example.com>']);
});

afterEach(() => bench.close());

const held = () => heldMessagesOf(bench.database.connection, 'ant.example.com');

/** Has a post held, and a moderator decide about it. */
async function decide(
  decision: Decision,
  options: Parameters<typeof decideHeldPost>[4] = {},
  post = mail(),
): Promise<Enqueued[]> {
  await bench.post(post);
  const list = await bench.list();
  const requestId = (await held())[0]?.requestId ?? 0;
  return bench.step(async (step) => {
    expect(await decideHeldPost(step, list, requestId, decision, options)).toBe(true);
  });
}

describe('a held post', () => {
  test('that is accepted goes on, with the moment of the decision, and past the rules', async () => {
    const [post, ...others] = await decide({ kind: 'accept' });
    expect(others).toEqual([]);
    expect(post?.queue).toBe('pipeline');
    expect(post?.metadata).toMatchObject({
      approved: true,
      moderator_approved: true,
      listid: 'ant.example.com',
    });
    expect(post?.message.headers.get('X-Mailman-Approved-At')).toMatch(
      /^\w{3}, \d\d \w{3} 2023 [\d:]+ \+0000$/,
    );
    expect(await held()).toEqual([]);
  });

  test('that is rejected brings the words of the moderator to its author', async () => {
    const [notice, ...others] = await decide({ kind: 'reject', reason: 'Not this week.' });
    expect(others).toEqual([]);
    expect(notice?.metadata.recipients).toEqual(['anne@example.com']);
    expect(notice?.message.headers.get('Subject')).toBe('Request to mailing list "Ant" rejected');
    expect(notice?.message.root.body.toString()).toContain('Not this week.');
    expect(await held()).toEqual([]);
  });

  test('that is rejected is told neither to the list nor to a mail server', async () => {
    for (const headers of [{ From: 'ant@example.com' }, { 'X-MailFrom': '<>' }]) {
      expect(await decide({ kind: 'reject', reason: 'Not this week.' }, {}, mail(headers))).toEqual([]);
      expect(await held()).toEqual([]);
    }
  });

  test('that is discarded is gone; one that is put off stays', async () => {
    expect(await decide({ kind: 'discard' })).toEqual([]);
    expect(await held()).toEqual([]);
    expect(await decide({ kind: 'defer' })).toEqual([]);
    expect(await held()).toHaveLength(1);
  });

  test('can be forwarded, and kept for the administrator, whatever becomes of it', async () => {
    const copies = await decide(
      { kind: 'discard' },
      { forward: [{ address: 'boss@example.com', displayName: '' }], preserve: true },
    );
    expect(copies.map(({ queue }) => queue).sort()).toEqual(['bad', 'virgin']);
    const forwarded = copies.find(({ queue }) => queue === 'virgin');
    expect(forwarded?.metadata.recipients).toEqual(['boss@example.com']);
    expect(forwarded?.message.toBuffer().toString()).toContain('Message-ID: <one@example.com>');
    const kept = copies.find(({ queue }) => queue === 'bad');
    expect(kept?.message.headers.get('Message-ID')).toBe('<one@example.com>');
  });

  test('is decided about once, and by its own list', async () => {
    await decide({ kind: 'discard' });
    const list = await bench.list();
    await bench.step(async (step) => {
      expect(await decideHeldPost(step, list, 1, { kind: 'accept' })).toBe(false);
    });
    await bench.post(mail());
    const requestId = (await held())[0]?.requestId ?? 0;
    const other = { ...list, listId: 'bee.example.com' };
    await bench.step(async (step) => {
      expect(await decideHeldPost(step, other, requestId, { kind: 'accept' })).toBe(false);
    });
    expect(await held()).toHaveLength(1);
  });
});

describe('max_days_to_hold', () => {
  const expire = async (): Promise<number> => {
    let count = 0;
    const list = await bench.list();
    await bench.step(async (step) => {
      count = await discardExpiredPosts(step, list);
    });
    return count;
  };

  test('discards what nobody has decided about for so long', async () => {
    await bench.set({ max_days_to_hold: 3 });
    await bench.post(mail());
    bench.clock.advance(2 * DAY);
    await bench.post(mail({ 'Message-ID': '<two@example.com>' }));
    expect(await expire()).toBe(0);
    bench.clock.advance(DAY + 1);
    expect(await expire()).toBe(1);
    expect((await held()).map(({ messageId }) => messageId)).toEqual(['<two@example.com>']);
  });

  test('of 0 keeps them for ever', async () => {
    await bench.set({ max_days_to_hold: 0 });
    await bench.post(mail());
    bench.clock.advance(1000 * DAY);
    expect(await expire()).toBe(0);
    expect(await held()).toHaveLength(1);
  });
});
