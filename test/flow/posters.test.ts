import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { type Enqueued, type FlowBench, mail, openFlowBench } from '../support/flow.ts';

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['anne@example.com']);
});

afterEach(() => bench.close());

function queues(enqueued: readonly Enqueued[]): string[] {
  return enqueued.map(({ queue }) => queue);
}

describe('equivalent domains', () => {
  it.each([
    ['example.com, example.net', 'anne@example.net', true],
    ['example.org, x.example; example.com,Example.NET', 'anne@example.net', true],
    ['example.org, example.net; example.com, x.example', 'anne@example.net', false],
    ['example.com, example.net', 'bart@example.net', false],
    ['', 'anne@example.net', false],
  ])('%j lets %s post: %s', async (equivalent_domains, from, isMember) => {
    await bench.set({ equivalent_domains, default_nonmember_action: 'discard' });
    expect(queues(await bench.post(mail({ From: from })))).toEqual(isMember ? ['pipeline'] : []);
  });
});

describe('automatic answers to posts', () => {
  beforeEach(() =>
    bench.set({
      autorespond_postings: 'respond_and_continue',
      autoresponse_grace_period: 0,
      autoresponse_postings_text: 'Thanks',
    }),
  );

  const post = (headers = {}) => bench.post(mail(headers), { envelope_sender: 'someone@example.net' });

  test('go out when a post is accepted, and when it is held', async () => {
    expect(queues(await post())).toEqual(['pipeline', 'virgin']);
    await bench.set({ admin_immed_notify: false, respond_to_post_requests: false });
    expect(queues(await post({ Subject: 'help' }))).toEqual(['virgin']);
  });

  test.each([
    ['discard', []],
    // The notice of the rejection.
    ['reject', ['virgin']],
  ] as const)('do not go out when it meets %s', async (action, expected) => {
    await bench.set({ default_nonmember_action: action });
    expect(queues(await post({ From: 'zed@example.net' }))).toEqual(expected);
  });

  test('are all that a list does that only answers', async () => {
    await bench.set({ autorespond_postings: 'respond_and_discard', default_nonmember_action: 'reject' });
    expect(queues(await post({ From: 'zed@example.net' }))).toEqual(['virgin']);
    expect(bench.services.logged.map(({ line }) => line)).toContain(
      'DISCARD: <one@example.com>; Answered automatically',
    );
  });
});

describe('the words of the owners', () => {
  const bodies = (enqueued: readonly Enqueued[]) =>
    enqueued.map(({ message }) => message.root.children[0]?.body.toString('latin1') ?? '');

  test('tell members and strangers why they are rejected, with placeholders of both Mailmans', async () => {
    await bench.set({
      default_member_action: 'reject',
      member_moderation_notice: 'Only the board writes here.\nAsk $owneremail.',
      default_nonmember_action: 'reject',
      nonmember_rejection_notice: 'Join first, or ask %(listowner)s.',
    });
    expect(bodies(await bench.post(mail()))).toEqual([
      expect.stringMatching(/^Only the board writes here\.\s+Ask\s+ant-owner@example\.com\.\s*$/),
    ]);
    expect(bodies(await bench.post(mail({ From: 'zed@example.net' })))).toEqual([
      expect.stringMatching(/^Join first, or ask ant-owner@example\.com\.\s*$/),
    ]);
  });

  test('are not used for what is rejected for another reason', async () => {
    await bench.set({ nonmember_rejection_notice: 'Join first.', dmarc_mitigate_action: 'reject' });
    await bench.set({ dmarc_addresses: ['anne@example.com'] });
    const [text] = bodies(await bench.post(mail()));
    expect(text).not.toContain('Join first.');
  });

  test('where the owners have none for DMARC, the reason is in the language of the author', async () => {
    await bench.join(['anne@example.com']);
    await bench.set({ dmarc_mitigate_action: 'reject', dmarc_addresses: ['anne@example.com'] });
    const send = (): Promise<Enqueued[]> => bench.post(mail());
    const [english = ''] = bodies(await send());
    expect(english.replace(/\s+/g, ' ')).toContain('(a DMARC policy of reject or quarantine)');
    await bench.database.connection('member').update({ preferred_language: 'de' });
    const [text = ''] = bodies(await send());
    expect(text.replace(/\s+/g, ' ')).toContain('(DMARC-Richtlinie "reject" oder "quarantine")');
    expect(text).toContain('ant-owner@example.com');
    await bench.set({ dmarc_moderation_notice: 'Write from elsewhere.' });
    expect(bodies(await send())).toEqual([expect.stringMatching(/^Write from elsewhere\.\s*$/)]);
  });
});

describe('posts of strangers that are discarded', () => {
  test.each([
    [true, 1],
    [false, 0],
  ])('with forward_auto_discards %s the owners get %d', async (forward_auto_discards, count) => {
    await bench.join(['olga@example.com'], { role: 'owner' });
    await bench.set({ forward_auto_discards, default_nonmember_action: 'discard' });
    const shown = await bench.post(mail({ From: 'zed@example.net' }));
    expect(shown.map(({ metadata }) => metadata.recipients)).toEqual(Array(count).fill(['olga@example.com']));
    expect(shown.map(({ message }) => message.headers.get('Subject'))).toEqual(
      Array(count).fill('Auto-discard notification'),
    );
  });

  test('by a header filter or for a member are not shown', async () => {
    await bench.set({ forward_auto_discards: true, default_member_action: 'discard' });
    expect(await bench.post(mail())).toEqual([]);
  });
});
