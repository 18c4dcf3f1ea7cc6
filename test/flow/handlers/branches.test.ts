import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { replybot } from '../../../src/flow/handlers/replybot.ts';
import { pipelineStep } from '../../../src/flow/pipeline-step.ts';
import { DiscardPost, type Post } from '../../../src/flow/post.ts';
import { decodeHeader } from '../../../src/message/encoded-words.ts';
import { Message } from '../../../src/message/message.ts';
import { partText } from '../../../src/message/text.ts';
import type { ListSettings } from '../../../src/model/settings/index.ts';
import type { MessageMetadata } from '../../../src/queue/queues.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { bodyOf, outgoing, queued, throughPipeline } from '../../support/pipeline.ts';
import { defaultConfig } from '../../support/services.ts';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Anne <anne@example.com>', 'bart@example.net']);
});
afterEach(() => bench.close());

async function branches(
  text = mail(),
  settings: Partial<ListSettings> = {},
  metadata = {},
): Promise<string[]> {
  await bench.set(settings);
  return (await throughPipeline(bench, text, metadata)).map(({ queue }) => queue);
}

describe('a post goes to archive, digest, news and members', () => {
  test.each<[string, string, Partial<ListSettings>, MessageMetadata, string[]]>([
    ['as usual', mail(), {}, {}, ['archive', 'digest', 'out']],
    ['never to the archive', mail(), { archive_policy: 'never' }, {}, ['digest', 'out']],
    ['not to the archive', mail({ 'X-No-Archive': 'Yes' }), {}, {}, ['digest', 'out']],
    ['not to the archive', mail({ 'X-Archive': 'No' }), {}, {}, ['digest', 'out']],
    ['to the archive', mail({ 'X-Archive': 'yes' }), {}, {}, ['archive', 'digest', 'out']],
    ['not to the archive', mail({ Archive: 'no ; comment=x' }), {}, {}, ['digest', 'out']],
    ['to the archive', mail({ Archive: 'nothing' }), {}, {}, ['archive', 'digest', 'out']],
    ['not to the digest', mail(), { digests_enabled: false }, {}, ['archive', 'out']],
    [
      'to news',
      mail(),
      { gateway_to_news: true, linked_newsgroup: 'x.y', nntp_host: 'news.example.com' },
      {},
      ['archive', 'digest', 'nntp', 'out'],
    ],
    [
      'not back to news',
      mail(),
      { gateway_to_news: true, linked_newsgroup: 'x.y', nntp_host: 'news.example.com' },
      { fromusenet: true },
      ['archive', 'digest', 'out'],
    ],
  ])('%s', async (_, text, settings, metadata, expected) => {
    expect(await branches(text, settings, metadata)).toEqual(expected);
  });

  test('archive and digest get it with prefix and list headers, without footer', async () => {
    const enqueued = await throughPipeline(bench, mail());
    for (const queue of ['archive', 'digest'] as const) {
      const [copy] = queued(enqueued, queue);
      expect(copy?.message.headers.get('Subject')).toBe('[Ant] Hello');
      expect(copy?.message.headers.get('List-Id')).toBe('<ant.example.com>');
      expect(copy && bodyOf(copy.message)).toBe('Hello.');
      expect(copy?.metadata.recipients).toBeUndefined();
    }
    expect(bodyOf(outgoing(enqueued).message)).not.toBe('Hello.');
  });
});

test('posts are counted, and each gets a number of its own', async () => {
  await bench.set({ subject_prefix: '[Ant %d] ' });
  const subjects: unknown[] = [];
  for (const _ of [1, 2, 3])
    subjects.push(outgoing(await throughPipeline(bench, mail())).message.headers.get('Subject'));
  expect(subjects).toEqual(['[Ant 1] Hello', '[Ant 2] Hello', '[Ant 3] Hello']);
  const list = await bench.list();
  expect(list.postId).toBe(4);
  expect(list.lastPostAt).toBe(bench.clock.now());
});

test('VERP names the recipient in every N-th post', async () => {
  const verped = async (verp_delivery_interval: number, personalized = false): Promise<unknown[]> => {
    const config = defaultConfig();
    const mta = { ...config.mta, verp_delivery_interval, verp_personalized_deliveries: personalized };
    const other = await openFlowBench({ config: { ...config, mta } });
    await other.join(['anne@example.com']);
    if (personalized) await other.set({ personalize: 'individual' });
    const found: unknown[] = [];
    for (const _ of [1, 2, 3, 4]) found.push(outgoing(await throughPipeline(other, mail())).metadata.verp);
    await other.close();
    return found;
  };
  expect(await verped(0)).toEqual([false, false, false, false]);
  expect(await verped(1)).toEqual([true, true, true, true]);
  expect((await verped(2)).filter((each) => each === true)).toHaveLength(2);
  expect(await verped(0, true)).toEqual([true, true, true, true]);
});

describe('acknowledge', () => {
  test('tells those who want to know', async () => {
    expect(await branches()).not.toContain('virgin');
    await bench.database
      .connection('member')
      .where('email', 'anne@example.com')
      .update({ acknowledge_posts: 1 });
    const [notice] = queued(
      await throughPipeline(bench, mail({ Subject: '=?utf-8?q?Caf=C3=A9?=' })),
      'virgin',
    );
    expect(notice?.metadata.recipients).toEqual(['anne@example.com']);
    expect(notice?.message.headers.get('Subject')).toBe('Ant post acknowledgment');
    expect(notice?.message.headers.get('From')).toBe('ant-bounces@example.com');
    expect(notice && partText(notice.message.root)).toContain('[Ant] Café');
  });
});

describe('scrub_nondigest', () => {
  const source = mail(
    { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' },
    '--b\n\ntext\n--b\nContent-Type: image/gif; name=a.gif\nContent-Transfer-Encoding: base64\n\nR0lG\n--b--\n',
  );

  test('puts notes in the place of attachments, which the archive has', async () => {
    await bench.set({ scrub_nondigest: true });
    const enqueued = await throughPipeline(bench, source);
    const { message } = outgoing(enqueued);
    expect(message.root.contentType.subtype).toBe('plain');
    expect(partText(message.root)).toMatch(
      /^text\n-------------- next part --------------\nA non-text attachment was scrubbed\.\.\.\nName: a\.gif\nType: image\/gif\nSize: 3 bytes\nDesc: not available\n/,
    );
    expect(queued(enqueued, 'archive')[0]?.message.toBuffer().toString()).toContain('R0lG');
  });

  test('but nothing is lost where there is no archive', async () => {
    await bench.set({ scrub_nondigest: true, archive_policy: 'never' });
    expect(
      outgoing(await throughPipeline(bench, source))
        .message.toBuffer()
        .toString(),
    ).toContain('R0lG');
  });
});

describe('replybot', () => {
  async function answered(
    metadata: MessageMetadata,
    headers = {},
  ): Promise<{ notices: Message[]; discarded: boolean }> {
    const list = await bench.list();
    const message = Message.parse(Buffer.from(mail(headers).replaceAll('\n', '\r\n')));
    const post: Post = { list, message, metadata: { envelope_sender: 'anne@example.com', ...metadata } };
    let discarded = false;
    const enqueued = await bench.step(async (step) => {
      await replybot.process(post, step).catch((error: unknown) => {
        if (!(error instanceof DiscardPost)) throw error;
        discarded = true;
      });
    });
    return { notices: queued(enqueued, 'virgin').map((each) => each.message), discarded };
  }

  const answers = async (...call: Parameters<typeof answered>) => (await answered(...call)).notices.length;

  test('answers posts, mail to the owners and requests, each with its own text', async () => {
    await bench.set({
      ...{ autorespond_postings: 'respond_and_continue', autoresponse_postings_text: 'Posted to $listname' },
      ...{ autorespond_owner: 'respond_and_continue', autoresponse_owner_text: 'To the owners' },
      ...{ autorespond_requests: 'respond_and_discard', autoresponse_request_text: 'A request' },
    });
    const post = await answered({ to_list: true });
    expect(post.discarded).toBe(false);
    const [notice] = post.notices;
    expect(notice && decodeHeader(notice.headers.get('Subject') ?? '')).toBe(
      'Auto-response for your message to the "Ant" mailing list',
    );
    expect(notice?.headers.get('To')).toBe('Anne <anne@example.com>');
    expect(notice?.headers.get('X-Mailer')).toBe('The Mailman Replybot');
    expect(notice?.headers.get('X-Ack')).toBe('No');
    expect(notice && bodyOf(notice)).toBe('Posted to ant@example.com');
    const owner = await answered({ to_owner: true });
    expect(owner.notices.map(bodyOf)).toEqual(['To the owners']);
    const request = await answered({ to_request: true, subaddress: 'request' });
    expect(request.notices.map(bodyOf)).toEqual(['A request']);
    expect(request.discarded).toBe(true);
    expect(await answers({ subaddress: 'join' })).toBe(0);
  });

  test('answers once in a while', async () => {
    await bench.set({ autorespond_postings: 'respond_and_continue', autoresponse_grace_period: 86_400 });
    expect(await answers({ to_list: true })).toBe(1);
    expect(await answers({ to_list: true })).toBe(0);
    expect(await answers({ to_list: true }, { From: 'ANNE@example.com' })).toBe(0);
    expect(await answers({ to_list: true }, { From: 'bart@example.net' })).toBe(1);
    expect(await answers({ to_list: true }, { 'X-Ack': 'yes' })).toBe(1);
    bench.clock.advance(86_401);
    expect(await answers({ to_list: true })).toBe(1);
    await bench.set({ autoresponse_grace_period: 0 });
    bench.clock.advance(86_401);
    expect(await answers({ to_list: true })).toBe(1);
    expect(await answers({ to_list: true })).toBe(1);
  });

  test.each<[string, Record<string, string>, MessageMetadata]>([
    ['X-Ack: no', { 'X-Ack': 'No' }, {}],
    ['bulk mail', { Precedence: 'bulk' }, {}],
    ['junk', { Precedence: 'JUNK' }, {}],
    ['lists', { Precedence: 'list' }, {}],
    ['robots', { 'Auto-Submitted': 'auto-replied' }, {}],
    ['mail servers', {}, { envelope_sender: '' }],
    ['nobody', { From: 'undisclosed' }, { envelope_sender: '' }],
  ])('does not answer %s', async (_, headers, metadata) => {
    await bench.set({ autorespond_postings: 'respond_and_continue' });
    expect(await answers({ to_list: true, ...metadata }, headers)).toBe(0);
  });

  test('answers who says to be no robot, with a comment too (RFC 3834 5)', async () => {
    await bench.set({ autorespond_postings: 'respond_and_continue' });
    expect(await answers({ to_list: true }, { 'Auto-Submitted': 'No (written by hand)' })).toBe(1);
  });
});

describe('a pipeline', () => {
  test('that nobody knows leaves the post to the administrator', async () => {
    await bench.set({ posting_pipeline: 'my-own-pipeline' });
    await expect(throughPipeline(bench, mail())).rejects.toThrow(
      'List ant.example.com wants the pipeline my-own-pipeline, which is not known',
    );
  });

  test('needs its list', async () => {
    const entry = { message: Buffer.from(mail()), metadata: { listid: 'gone.example.com' } };
    await expect(bench.step((step) => pipelineStep(entry, step))).rejects.toThrow(
      'No such list: gone.example.com',
    );
  });

  test('says in the log what it threw away, and why', async () => {
    await bench.set({ filter_content: true, pass_types: ['image'] });
    expect(await branches()).toEqual([]);
    expect(bench.services.logged).toContainEqual({
      logger: 'vette',
      line: `<one@example.com> discarded by "default-posting-pipeline" pipeline handler "mime-delete": The message's content type was not explicitly allowed`,
    });
  });
});
