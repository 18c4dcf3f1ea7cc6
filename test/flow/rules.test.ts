import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertBans } from '../../src/database/bans.ts';
import { replaceHeaderMatches } from '../../src/database/header-matches.ts';
import { heldMessagesOf } from '../../src/database/held-messages.ts';
import { findMembers, updateMember } from '../../src/database/members.ts';
import { hashPassword } from '../../src/membership/passwords.ts';
import type { ListSettings } from '../../src/model/settings/index.ts';
import { type FlowBench, mail, openFlowBench } from '../support/flow.ts';
import { processorTime } from '../support/processor-time.ts';

let bench: FlowBench;

beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Anne <anne@example.com>', 'bart@example.com']);
});

afterEach(() => bench.close());

/** What became of a post: accepted, or its reasons with the decision that the log shows. */
async function decision(text: string, metadata = {}): Promise<string> {
  const before = bench.services.logged.length;
  await bench.post(text, metadata);
  const line = bench.services.logged
    .slice(before)
    .find(({ logger, line }) => logger === 'vette' && /^[A-Z]+:/.test(line));
  return line?.line.split(':')[0] ?? 'none';
}

async function reasonsOfHold(text: string, settings: Partial<ListSettings> = {}): Promise<readonly string[]> {
  await bench.set(settings);
  expect(await decision(text)).toBe('HOLD');
  return (await heldMessagesOf(bench.database.connection, 'ant.example.com')).at(-1)?.reasons ?? [];
}

test('a post by a member goes to the pipeline, with the rules that missed in its headers', async () => {
  const [next, ...others] = await bench.post(mail());
  expect(others).toEqual([]);
  expect(next?.queue).toBe('pipeline');
  expect(next?.message.headers.has('X-Mailman-Rule-Hits')).toBe(false);
  expect(next?.message.headers.get('X-Mailman-Rule-Misses')).toBe(
    'dmarc-mitigation; no-senders; approved; emergency; loop; banned-address; member-moderation; ' +
      'nonmember-moderation; administrivia; implicit-dest; max-recipients; max-size; news-moderation; no-subject; digests; suspicious-header',
  );
});

describe('posts are held', () => {
  test.each<[string, string, Partial<ListSettings>, string]>([
    ['a stranger', mail({ From: 'zed@example.net' }), {}, 'The message is not from a list member'],
    ['an emergency', mail(), { emergency: true }, 'Emergency moderation is in effect for this list'],
    ['no subject', mail({ Subject: null }), {}, 'Message has no subject'],
    ['a blank subject', mail({ Subject: '' }), {}, 'Message has no subject'],
    ['a command as subject', mail({ Subject: 'unsubscribe' }), {}, 'Message contains administrivia'],
    ['a command in the text', mail({}, '\nsubscribe me\n'), {}, 'Message contains administrivia'],
    ['an implicit destination', mail({ To: 'friends@example.com' }), {}, 'Message has implicit destination'],
    [
      'a moderated list',
      mail(),
      { default_member_action: 'hold' },
      'The message comes from a moderated member',
    ],
    [
      'a moderated newsgroup',
      mail(),
      { newsgroup_moderation: 'moderated' },
      'Post to a moderated newsgroup gateway',
    ],
    [
      'too many recipients',
      mail({ Cc: Array.from({ length: 9 }, (_, index) => `p${index}@example.com`).join(', ') }),
      {},
      'Message has more than 10 recipients',
    ],
    ['too large', mail({}, 'x'.repeat(41 * 1024)), {}, 'The message is larger than the 40 KB maximum size'],
    [
      'a suspicious header',
      mail({ 'X-Spam': 'very spammy' }),
      { bounce_matching_headers: '# comment\nx-spam: .*spam' },
      'Header "very spammy" matched a bounce_matching_header line',
    ],
    [
      'the hold list of nonmembers',
      mail({ From: 'zed@example.net' }),
      { hold_these_nonmembers: ['^z.*@'], default_nonmember_action: 'discard' },
      'The sender is in the nonmember hold list',
    ],
  ])('%s', async (_, text, settings, reason) => {
    expect(await reasonsOfHold(text, settings)).toEqual([reason]);
  });

  test('for all reasons at once', async () => {
    expect(await reasonsOfHold(mail({ Subject: null, To: 'friends@example.com' }))).toEqual([
      'Message has implicit destination',
      'Message has no subject',
    ]);
  });
});

describe('limits are exact', () => {
  test('ten recipients are too many, nine are not', async () => {
    const cc = (count: number) =>
      Array.from({ length: count }, (_, index) => `p${index}@example.com`).join(', ');
    expect(await decision(mail({ Cc: cc(8) }))).toBe('ACCEPT');
    expect(await decision(mail({ Cc: cc(9) }))).toBe('HOLD');
  });

  test('40 KB are not too large, one octet more is', async () => {
    await bench.set({ max_message_size: 40 });
    expect(await decision(mail(), { original_size: 40 * 1024 })).toBe('ACCEPT');
    expect(await decision(mail(), { original_size: 40 * 1024 + 1 })).toBe('HOLD');
  });

  test('0 is no limit', async () => {
    await bench.set({ max_num_recipients: 0, max_message_size: 0 });
    const cc = Array.from({ length: 50 }, (_, index) => `p${index}@example.com`).join(', ');
    expect(await decision(mail({ Cc: cc }, 'x'.repeat(100_000)))).toBe('ACCEPT');
  });
});

describe('with check_max_size_on_filtered_message', () => {
  const picture = (type: string): string =>
    mail(
      { 'MIME-Version': '1.0', 'Content-Type': 'multipart/mixed; boundary=b' },
      `--b\n\nSee the picture.\n--b\nContent-Type: ${type}\n\n${'x'.repeat(50_000)}\n--b--\n`,
    );

  beforeEach(async () => {
    const { config } = bench.services;
    const filtered = await openFlowBench({
      config: { ...config, mailman: { ...config.mailman, check_max_size_on_filtered_message: true } },
    });
    await bench.close();
    bench = filtered;
    await bench.join(['Anne <anne@example.com>']);
    await bench.set({ filter_content: true, filter_types: ['image'] });
  });

  test('what the content filter takes out does not count', async () => {
    expect(await decision(picture('image/png'))).toBe('ACCEPT');
    expect(await decision(picture('text/csv'))).toBe('HOLD');
  });

  test('the post itself stays whole until its way through the pipeline', async () => {
    const [next] = await bench.post(picture('image/png'));
    expect(next?.message.toBuffer().length).toBeGreaterThan(50_000);
  });

  test('the whole post counts where the list does not filter', async () => {
    await bench.set({ filter_content: false });
    expect(await decision(picture('image/png'))).toBe('HOLD');
  });
});

describe('nobody is written to', () => {
  const answering: Partial<ListSettings> = {
    autorespond_postings: 'respond_and_continue',
    admin_immed_notify: false,
  };

  test.each(['ant@example.com', 'Ant-Owner@example.com', 'ant-bounces+x=y.example@example.com'])(
    'who writes as %s: the notice would come back',
    async (From) => {
      for (const action of ['hold', 'reject', 'accept'] as const) {
        await bench.set({ ...answering, default_nonmember_action: action });
        const enqueued = await bench.post(mail({ From }), { envelope_sender: 'zed@example.net' });
        expect(enqueued.filter(({ queue }) => queue === 'virgin')).toEqual([]);
      }
    },
  );

  test('where a mail server returned something to the list', async () => {
    for (const action of ['hold', 'reject'] as const) {
      await bench.set({ ...answering, default_nonmember_action: action });
      expect(await bench.post(mail({ From: 'zed@example.net', 'X-MailFrom': '<>' }))).toEqual([]);
    }
  });

  test('of a held post that a list or a robot wrote, though it asks for answers', async () => {
    await bench.set({ admin_immed_notify: false });
    const asking = { From: 'zed@example.net', 'X-Ack': 'yes' };
    expect(await bench.post(mail({ ...asking, 'List-Id': '<bee.example.com>' }))).toEqual([]);
    expect(await bench.post(mail({ ...asking, 'Auto-Submitted': 'auto-replied' }))).toEqual([]);
    expect(await bench.post(mail({ ...asking, Precedence: 'bulk' }))).toHaveLength(1);
  });
});

describe('who is no member', () => {
  test.each<[string, Partial<ListSettings>, string]>([
    [
      'accept',
      { accept_these_nonmembers: ['zed@example.net'], default_nonmember_action: 'discard' },
      'ACCEPT',
    ],
    [
      'accept by expression',
      { accept_these_nonmembers: ['^zed@'], default_nonmember_action: 'discard' },
      'ACCEPT',
    ],
    ['reject', { reject_these_nonmembers: ['zed@example.net'] }, 'REJECT'],
    ['discard', { discard_these_nonmembers: ['^.*@example\\.net$'] }, 'DISCARD'],
    [
      'accept before discard',
      { accept_these_nonmembers: ['^z'], discard_these_nonmembers: ['^z'] },
      'ACCEPT',
    ],
    ['by default rejected', { default_nonmember_action: 'reject' }, 'REJECT'],
    ['by default passed on', { default_nonmember_action: 'defer' }, 'ACCEPT'],
  ])('%s', async (_, settings, expected) => {
    await bench.set(settings);
    expect(await decision(mail({ From: 'zed@example.net' }))).toBe(expected);
  });

  test.each([
    ['discard', 'DISCARD'],
    ['defer', 'ACCEPT'],
  ] as const)('has an action of their own, which goes before the lists: %s', async (action, expected) => {
    await bench.set({ accept_these_nonmembers: ['someone@else.example'], hold_these_nonmembers: ['^zed@'] });
    await bench.join(['zed@example.net'], { role: 'nonmember' });
    const { connection } = bench.database;
    const zed = (await findMembers(connection, 'ant.example.com', 'nonmember', ['zed@example.net'])).get(
      'zed@example.net',
    );
    if (!zed) throw new Error('zed is not there');
    await updateMember(connection, { ...zed, moderationAction: action });
    expect(await decision(mail({ From: 'Zed@example.net' }))).toBe(expected);
  });

  test('is a member when another address of the same sender headers is one', async () => {
    expect(await decision(mail({ From: 'zed@example.net', 'Reply-To': 'anne@example.com' }))).toBe('ACCEPT');
  });
});

describe('moderation of members', () => {
  test('the list decides for who has no action of their own', async () => {
    await bench.set({ default_member_action: 'reject' });
    expect(await decision(mail())).toBe('REJECT');
  });

  test('accept skips all further rules', async () => {
    await bench.set({ default_member_action: 'accept' });
    expect(await decision(mail({ Subject: null, To: 'friends@example.com' }))).toBe('ACCEPT');
  });

  test('who posts too often is moderated from then on', async () => {
    await bench.set({ member_verbosity_threshold: 3, member_verbosity_interval: 600 });
    const outcomes: string[] = [];
    for (let post = 0; post < 4; post += 1) {
      outcomes.push(await decision(mail()));
      bench.clock.advance(60);
    }
    expect(outcomes).toEqual(['ACCEPT', 'ACCEPT', 'HOLD', 'HOLD']);
    bench.clock.advance(86_400);
    expect(await decision(mail())).toBe('HOLD');
  });

  test('posts that are further apart do not count together', async () => {
    await bench.set({ member_verbosity_threshold: 2, member_verbosity_interval: 600 });
    for (let post = 0; post < 3; post += 1) {
      expect(await decision(mail())).toBe('ACCEPT');
      bench.clock.advance(601);
    }
  });
});

describe('posts are discarded', () => {
  test.each([
    ['without sender', mail({ From: null })],
    ['that were here before, as List-Post says', mail({ 'List-Post': '<mailto:ant@example.com>' })],
    ['that were here before, as List-Id says', mail({ 'List-Id': 'The Ant list <ant.example.com>' })],
    ['that were here before, as X-BeenThere says', mail({ 'X-BeenThere': 'ant@example.com' })],
  ])('%s', async (_, text) => {
    expect(await decision(text)).toBe('DISCARD');
  });

  test('from banned senders, also by expression and over the whole site', async () => {
    await insertBans(bench.database.connection, [
      { listId: 'ant.example.com', email: 'ANNE@example.com' },
      { listId: null, email: '^bart@' },
    ]);
    expect(await decision(mail())).toBe('DISCARD');
    expect(await decision(mail({ From: 'bart@example.com' }))).toBe('DISCARD');
  });
});

test('the List-Id of another list is no loop', async () => {
  expect(
    await decision(mail({ 'List-Id': '<bee.example.com>', 'List-Post': '<mailto:bee@example.com>' })),
  ).toBe('ACCEPT');
});

describe('header matches', () => {
  const matches = (
    ...entries: [string, string, 'accept' | 'discard' | 'reject' | 'hold' | 'defer' | null][]
  ) =>
    replaceHeaderMatches(
      bench.database.connection,
      'ant.example.com',
      entries.map(([header, pattern, action]) => ({ header, pattern, action, tag: null })),
    );

  test('the first that matches decides', async () => {
    await matches(['x-spam', 'no', 'accept'], ['x-spam', '^yes', 'discard'], ['x-spam', 'yes', 'reject']);
    expect(await decision(mail({ 'X-Spam': 'YES, spam' }))).toBe('DISCARD');
  });

  test('the reason names the header and what it says, at most the beginning', async () => {
    await matches(['x-test', 'foo', 'hold']);
    expect(await reasonsOfHold(mail({ 'X-Test': 'a FOO b' }))).toEqual([
      'Header "x-test: a FOO b" matched a header rule',
    ]);
    const [long = ''] = await reasonsOfHold(mail({ 'X-Test': `foo ${'b'.repeat(100_000)}` }));
    expect(long).toMatch(/^Header "x-test: foo b+\.\.\." matched a header rule$/);
    expect(long.length).toBeLessThan(600);
  });

  test('any header may match, and is named', async () => {
    await matches(['*', '^x-test: a FOO', 'hold']);
    expect(await reasonsOfHold(mail({ 'X-Test': 'a FOO b' }))).toEqual([
      'Header "X-Test: a FOO b" matched a header rule',
    ]);
  });

  test('accept lets strangers pass', async () => {
    await matches(['x-trusted', 'yes', 'accept']);
    expect(await decision(mail({ From: 'zed@example.net', 'X-Trusted': 'yes' }))).toBe('ACCEPT');
  });

  test('without an action the configured chain is taken, which holds', async () => {
    await matches(['subject', 'hello', null]);
    expect(await decision(mail())).toBe('HOLD');
  });

  test('defer goes on with the other rules instead of breaking the post', async () => {
    await matches(['subject', 'hello', 'defer']);
    expect(await decision(mail())).toBe('ACCEPT');
  });

  test('any header may be meant', async () => {
    await matches(['*', '^x-defer-me', 'reject']);
    expect(await decision(mail({ 'X-Defer-Me-Not': '1' }))).toBe('REJECT');
  });

  test('headers of parts count, and encoded words are decoded', async () => {
    await matches(['content-type', 'application/x-evil', 'discard'], ['subject', '^café$', 'reject']);
    const multipart = mail(
      { 'Content-Type': 'multipart/mixed; boundary=b' },
      '--b\nContent-Type: application/x-evil\n\nx\n--b--\n',
    );
    expect(await decision(multipart)).toBe('DISCARD');
    expect(await decision(mail({ Subject: '=?utf-8?q?Caf=C3=A9?=' }))).toBe('REJECT');
  });

  test('an expression that would backtrack for ever only takes its time limit', async () => {
    await matches(['subject', '^(a+)+(?=c)$', 'reject']);
    const spent = processorTime();
    expect(await decision(mail({ Subject: `${'a'.repeat(60)}b` }))).toBe('ACCEPT');
    expect(spent()).toBeLessThan(2000);
  });
});

describe('an approved post', () => {
  beforeEach(async () => bench.set({ moderator_password: await hashPassword('secret'), emergency: true }));

  test('that a moderator has accepted is not held by the emergency', async () => {
    expect(await decision(mail())).toBe('HOLD');
    expect(await decision(mail(), { moderator_approved: true })).toBe('ACCEPT');
  });

  test.each(['Approved', 'Approve', 'X-Approved', 'X-Approve'])(
    'is known by %s, which is taken away',
    async (name) => {
      const [next] = await bench.post(mail({ From: 'zed@example.net', [name]: 'secret' }));
      expect(next?.queue).toBe('pipeline');
      expect(next?.message.headers.has(name)).toBe(false);
      expect(next?.message.headers.get('X-Mailman-Rule-Hits')).toBe('approved');
    },
  );

  test('is known by the first line of its text, which is taken away', async () => {
    const [next] = await bench.post(mail({}, '\nApproved: secret\n\nThe text.\n'));
    expect(next?.queue).toBe('pipeline');
    expect(next?.message.toBuffer().toString()).not.toContain('secret');
    expect(next?.message.toBuffer().toString()).toContain('The text.');
  });

  test('with a wrong password is an ordinary post, and the password is taken away', async () => {
    expect(await decision(mail({ Approved: 'wrong' }))).toBe('HOLD');
    const [held] = await heldMessagesOf(bench.database.connection, 'ant.example.com');
    expect(held?.content.toString()).not.toContain('wrong');
  });
});
