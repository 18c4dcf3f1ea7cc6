import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { collectedPosts } from '../../src/database/digest-messages.ts';
import { findList } from '../../src/database/lists.ts';
import { digestStep } from '../../src/digests/digest-step.ts';
import { sendPeriodicDigests } from '../../src/digests/periodic.ts';
import { requestDigest } from '../../src/digests/request.ts';
import { bumpDigest } from '../../src/digests/send.ts';
import type { DeliveryMode, DeliveryStatus } from '../../src/model/enums.ts';
import { collect, number, numbersOf, sendAll, textOf, work } from '../support/digests.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { queued, throughPipeline } from '../support/pipeline.ts';

const LIST = 'ant.example.com';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
});
afterEach(() => bench.close());

const join = (address: string, deliveryMode: DeliveryMode, deliveryStatus?: DeliveryStatus) =>
  bench.join([address], { deliveryMode, deliveryStatus });

const waiting = async () => (await collectedPosts(bench.database.connection, LIST)).length;

/** Takes a post of so many octets to the queue `digest`, and what comes of it to `out`. */
async function post(octets = 500) {
  const text = mail({}, `${'x'.repeat(70)}\n`.repeat(Math.ceil(octets / 71))).replaceAll('\n', '\r\n');
  const bytes = Buffer.from(text).subarray(0, octets);
  return work(bench, await bench.step((step) => digestStep(bytes, { listid: LIST }, step)));
}

describe('a post', () => {
  test('reaches the digest as the members get it, without header and footer', async () => {
    await join('Dora@Example.net', 'plaintext_digests');
    await bench.set({ subject_prefix: '[Ant] ' });
    const way = await throughPipeline(bench, mail());
    expect(queued(way, 'digest').map(({ metadata }) => metadata)).toEqual([{ listid: LIST }]);
    await work(bench, queued(way, 'digest'));
    const [digest] = await sendAll(bench);
    expect(textOf(digest)).toContain('Subject: [Ant] Hello\n');
    expect(textOf(digest)).toContain('\n\nHello.\n\n------------------------------\n');
  });

  test('is not collected where digests are off', async () => {
    await bench.set({ digests_enabled: false });
    expect(queued(await throughPipeline(bench, mail()), 'digest')).toEqual([]);
  });

  test('waits until the threshold is reached', async () => {
    await join('dora@example.net', 'mime_digests');
    await bench.set({ digest_size_threshold: 2 });
    expect(await post(1000)).toEqual([]);
    expect(await post(1047)).toEqual([]);
    expect(await waiting()).toBe(2);
    expect((await post(1)).map(({ recipients }) => recipients)).toEqual([['dora@example.net']]);
    expect(await waiting()).toBe(0);
    expect(await numbersOf(bench)).toEqual([1, 2]);
  });

  test('waits for ever where the threshold is 0', async () => {
    await join('dora@example.net', 'mime_digests');
    await bench.set({ digest_size_threshold: 0 });
    expect(await post(100_000)).toEqual([]);
    expect(await waiting()).toBe(1);
  });
});

describe('recipients', () => {
  test('get the form that they chose, if their delivery is on, as they write their address', async () => {
    await join('Mime@Example.net', 'mime_digests');
    await join('Summary@Example.net', 'summary_digests');
    await join('Plain@Example.net', 'plaintext_digests');
    await join('regular@example.net', 'regular');
    await join('off@example.net', 'mime_digests', 'by_user');
    await join('bounces@example.net', 'plaintext_digests', 'by_bounces');
    await bench.join(['owner@example.net'], { role: 'owner', deliveryMode: 'mime_digests' });
    await collect(bench, [mail()]);
    const digests = await sendAll(bench);
    expect(digests.map(({ recipients }) => recipients)).toEqual([
      ['Mime@Example.net', 'Summary@Example.net'],
      ['Plain@Example.net'],
    ]);
    expect(digests.map(({ message }) => message.root.contentType.type)).toEqual(['multipart', 'text']);
  });

  test('are those who chose digests for all their lists, too', async () => {
    await bench.join(['dora@example.net', 'emil@example.net']);
    await bench.database.connection('user').update({ delivery_mode: 'plaintext_digests' });
    await bench.database
      .connection('address')
      .where('email', 'emil@example.net')
      .update({ delivery_mode: 'regular' });
    await collect(bench, [mail()]);
    expect((await sendAll(bench)).map(({ recipients }) => recipients)).toEqual([['dora@example.net']]);
  });

  test('none: the posts are forgotten and the number is used up', async () => {
    await bench.join(['anne@example.com']);
    await collect(bench, [mail()]);
    expect(await number(bench)).toEqual({
      sent: [{ volume: 1, number: 1, posts: 1, recipients: 0 }],
      jobs: [],
    });
    expect(await waiting()).toBe(0);
    expect(await numbersOf(bench)).toEqual([1, 2]);
  });
});

describe('sending', () => {
  beforeEach(() => join('dora@example.net', 'mime_digests'));

  test('numbers digests within a volume, and begins a new volume in a new period', async () => {
    await bench.set({ digest_volume_frequency: 'daily' });
    const subjects: (string | undefined)[] = [];
    for (const pause of [0, 60, 86_400, 60]) {
      bench.clock.advance(pause);
      await collect(bench, [mail()]);
      for (const { message } of await sendAll(bench)) subjects.push(message.headers.get('Subject'));
    }
    expect(subjects).toEqual([
      'Ant Digest, Vol 1, Issue 1',
      'Ant Digest, Vol 1, Issue 2',
      'Ant Digest, Vol 2, Issue 1',
      'Ant Digest, Vol 2, Issue 2',
    ]);
    expect((await bench.list()).digestLastSentAt).toBe(bench.clock.now());
  });

  test('changes nothing where nothing was collected', async () => {
    expect(await number(bench)).toEqual({ sent: [], jobs: [] });
    expect(await numbersOf(bench)).toEqual([1, 1]);
    expect((await bench.list()).digestLastSentAt).toBe(null);
  });

  test('writes a digest once, however often the queue brings it', async () => {
    await collect(bench, [mail()]);
    const { jobs } = await number(bench);
    expect(await work(bench, jobs)).toHaveLength(1);
    expect(await work(bench, jobs)).toEqual([]);
    expect(await bench.database.connection('digest_message').select()).toEqual([]);
    expect(await bench.database.connection('digest_message_piece').select()).toEqual([]);
  });

  test('leaves a post that comes meanwhile for the next digest', async () => {
    await collect(bench, [mail({ Subject: 'early' })]);
    const { jobs } = await number(bench);
    await collect(bench, [mail({ Subject: 'late' })]);
    const [first] = await work(bench, jobs);
    const [second] = await sendAll(bench);
    expect(first?.message.toBuffer().toString()).toContain('1. early (Anne)');
    expect(first?.message.toBuffer().toString()).not.toContain('late');
    expect(second?.message.toBuffer().toString()).toContain('1. late (Anne)');
  });

  test('divides what mail servers would refuse as too big', async () => {
    const big = Buffer.from(mail({}, `${'x'.repeat(70)}\n`.repeat(70_000)));
    await collect(bench, [big, mail(), big, mail(), mail()]);
    const { sent, jobs } = await number(bench);
    expect(sent.map((digest) => [digest.number, digest.posts])).toEqual([
      [1, 2],
      [2, 3],
    ]);
    const digests = await work(bench, jobs);
    expect(digests).toHaveLength(2);
    expect(digests.every(({ message }) => message.toBuffer().length < 10_000_000)).toBe(true);
    expect(await numbersOf(bench)).toEqual([1, 3]);
  });

  test('keeps a post of more than 4 MiB whole', async () => {
    const body = Array.from({ length: 150_000 }, (_, line) => `line ${line} ${'x'.repeat(40)}\r\n`).join('');
    await collect(bench, [mail({}, body).replaceAll(/\r?\n/g, '\r\n')]);
    const [digest] = await sendAll(bench);
    expect(digest?.message.toBuffer().includes(Buffer.from(body))).toBe(true);
  });
});

describe('requests', () => {
  beforeEach(() => join('dora@example.net', 'mime_digests'));
  const request = async (wanted: Parameters<typeof requestDigest>[2]) => {
    let answer: Awaited<ReturnType<typeof requestDigest>>;
    await bench.step(async (step) => {
      answer = await requestDigest(step, LIST, wanted);
    });
    return answer;
  };

  test('bump before they send', async () => {
    await collect(bench, [mail()]);
    expect(await request({ bump: true, send: true })).toEqual({
      before: { volume: 1, number: 1 },
      bumped: { volume: 1, number: 2 },
      wanted: { volume: 1, number: 2 },
      sent: [{ volume: 1, number: 2, posts: 1, recipients: 1 }],
    });
    expect(await numbersOf(bench)).toEqual([1, 3]);
  });

  test('change nothing in a dry run', async () => {
    await collect(bench, [mail()]);
    expect(await request({ bump: true, send: true, dryRun: true })).toEqual({
      before: { volume: 1, number: 1 },
      bumped: { volume: 1, number: 2 },
      wanted: { volume: 1, number: 2 },
      sent: [],
    });
    expect([await numbersOf(bench), await waiting()]).toEqual([[1, 1], 1]);
  });

  test('send periodically only where the list wants it', async () => {
    await collect(bench, [mail()]);
    await bench.set({ digest_send_periodic: false });
    expect(await request({ periodic: true })).toMatchObject({ wanted: undefined, sent: [] });
    await bench.set({ digest_send_periodic: true });
    expect(await request({ periodic: true })).toMatchObject({ sent: [{ number: 1 }] });
  });

  test('of a list that is gone are not answered', async () => {
    await bench.step(async (step) => {
      expect(await requestDigest(step, 'gone.example.com', { bump: true, send: true })).toBe(undefined);
      expect(await bumpDigest(step, 'gone.example.com')).toBe(undefined);
    });
  });
});

test('the periodic digests of all lists are put into the queue, when a post has waited for a day', async () => {
  await join('dora@example.net', 'mime_digests');
  await collect(bench, [mail()]);
  const queued = (): Promise<{ queue: string; metadata: string }[]> =>
    bench.database.connection('queue_entry').select();
  bench.clock.advance(86_399);
  await sendPeriodicDigests(bench.services);
  expect(await queued()).toEqual([]);
  bench.clock.advance(1);
  await sendPeriodicDigests(bench.services);
  const rows = await queued();
  expect(rows.map(({ queue, metadata }) => [queue, JSON.parse(metadata)])).toEqual([
    ['digest', { listid: LIST, digest: { volume: 1, number: 1, mime: ['dora@example.net'], plain: [] } }],
  ]);
});

test('posts go with their list', async () => {
  await collect(bench, [mail()]);
  await bench.database.connection('mailing_list').delete();
  expect(await bench.database.connection('digest_message_piece').select()).toEqual([]);
  expect(await findList(bench.database.connection, LIST)).toBe(undefined);
  await expect(bench.step((step) => digestStep(Buffer.from(mail()), { listid: LIST }, step))).rejects.toThrow(
    'No such list: ant.example.com',
  );
});
