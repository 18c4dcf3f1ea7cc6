import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { insertDomain } from '../../../src/database/domains.ts';
import { findList, insertList } from '../../../src/database/lists.ts';
import { findMembers, updateMember } from '../../../src/database/members.ts';
import { pipelineStep } from '../../../src/flow/pipeline-step.ts';
import { hashPassword } from '../../../src/membership/passwords.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { parseMailbox } from '../../../src/model/email-address.ts';
import type { Member } from '../../../src/model/member.ts';
import type { Preferences } from '../../../src/model/preferences.ts';
import { sampleList } from '../../database/samples.ts';
import { type FlowBench, mail, openFlowBench } from '../../support/flow.ts';
import { outgoing, queued, throughPipeline } from '../../support/pipeline.ts';
import { processorTime } from '../../support/processor-time.ts';

let bench: FlowBench;
beforeEach(async () => {
  bench = await openFlowBench();
  await bench.join(['Anne <anne@example.com>', 'Bart@Example.net', 'cris@example.org']);
});
afterEach(() => bench.close());

async function recipients(text = mail(), metadata = {}): Promise<readonly string[]> {
  const [out] = queued(await throughPipeline(bench, text, metadata), 'out');
  return [...(out?.metadata.recipients ?? [])].sort();
}

async function change(
  key: string,
  changes: (member: Member) => Partial<Member>,
  listId = 'ant.example.com',
): Promise<void> {
  const member = (await findMembers(bench.database.connection, listId, 'member', [key])).get(key);
  if (!member) throw new Error(`${key} is no member`);
  await updateMember(bench.database.connection, { ...member, ...changes(member) });
}

const prefer =
  (preferences: Partial<Preferences>) =>
  (member: Member): Partial<Member> => ({ preferences: { ...member.preferences, ...preferences } });

/** Another list of the same server. */
async function sister(name: string, mailboxes: readonly string[]): Promise<void> {
  await bench.database.transaction(async (connection) => {
    await insertList(connection, sampleList(name));
    const list = await findList(connection, `${name}.example.com`);
    if (!list) throw new Error('the list is gone');
    const parsed = mailboxes.map((text) => parseMailbox(text)).filter((mailbox) => mailbox !== undefined);
    await subscribe(connection, list, parsed, { role: 'member', verified: true });
  });
}

test('a post goes to the members, as they write their addresses', async () => {
  expect(await recipients()).toEqual(['Bart@Example.net', 'anne@example.com', 'cris@example.org']);
});

test.each<[string, Partial<Preferences>]>([
  ['digests', { delivery_mode: 'mime_digests' }],
  ['plain digests', { delivery_mode: 'plaintext_digests' }],
  ['summaries', { delivery_mode: 'summary_digests' }],
  ['no delivery', { delivery_status: 'by_user' }],
  ['no delivery because of bounces', { delivery_status: 'by_bounces' }],
  ['no delivery by a moderator', { delivery_status: 'by_moderator' }],
])('a member with %s gets no post', async (_, preferences) => {
  await change('bart@example.net', prefer(preferences));
  expect(await recipients()).toEqual(['anne@example.com', 'cris@example.org']);
});

test('what the address or the user has set holds where the membership says nothing', async () => {
  await bench.database
    .connection('address')
    .where('email', 'bart@example.net')
    .update({ delivery_status: 'by_user' });
  expect(await recipients()).not.toContain('Bart@Example.net');
  await change('bart@example.net', prefer({ delivery_status: 'enabled' }));
  expect(await recipients()).toContain('Bart@Example.net');
});

test('whoever does not want own posts gets the posts of others only', async () => {
  await change('anne@example.com', prefer({ receive_own_postings: false }));
  expect(await recipients()).toEqual(['Bart@Example.net', 'cris@example.org']);
  expect(await recipients(mail({ From: 'cris@example.org' }))).toContain('anne@example.com');
});

test('a list without anybody to write to sends nothing', async () => {
  for (const key of ['anne@example.com', 'bart@example.net', 'cris@example.org'])
    await change(key, prefer({ delivery_status: 'by_user' }));
  const enqueued = await throughPipeline(bench, mail());
  expect(enqueued.map(({ queue }) => queue)).toEqual(['archive', 'digest']);
});

describe('avoid-duplicates', () => {
  const addressed = mail({ Cc: '"Bart, B." <bart@example.net>, x@example.com' });

  test('a member addressed directly gets a second copy, marked where copies are personal', async () => {
    const { metadata, message } = outgoing(await throughPipeline(bench, addressed));
    expect(metadata.recipients).toContain('Bart@Example.net');
    expect(metadata.add_dup_header).toEqual(['Bart@Example.net']);
    expect(message.headers.get('Cc')).toBe('"Bart, B." <bart@example.net>, x@example.com');
  });

  test('or none, and goes from Cc, if so wished', async () => {
    await change('bart@example.net', prefer({ receive_list_copy: false }));
    const { metadata, message } = outgoing(await throughPipeline(bench, addressed));
    expect(metadata.recipients).not.toContain('Bart@Example.net');
    expect(message.headers.get('Cc')).toBe('x@example.com');
  });

  test('stays in Cc where the list wants that', async () => {
    await change('bart@example.net', prefer({ receive_list_copy: false }));
    await bench.set({ drop_cc: false });
    const { metadata, message } = outgoing(await throughPipeline(bench, addressed));
    expect(metadata.recipients).not.toContain('Bart@Example.net');
    expect(message.headers.get('Cc')).toContain('bart@example.net');
  });

  test.each(['To', 'Cc', 'Resent-To', 'Resent-Cc'])('%s counts', async (name) => {
    await change('bart@example.net', prefer({ receive_list_copy: false }));
    expect(await recipients(mail({ [name]: 'ant@example.com, BART@example.net' }))).not.toContain(
      'Bart@Example.net',
    );
  });

  test("the list's own addresses do not count: mail to them does not come to who is a member under one", async () => {
    await bench.join(['ant-owner@example.com']);
    await change('ant-owner@example.com', prefer({ receive_list_copy: false }));
    const out = outgoing(await throughPipeline(bench, mail({ Cc: 'Ant-Owner@example.com' })));
    expect(out.metadata.recipients).toContain('ant-owner@example.com');
    expect(out.message.headers.get('Cc')).toBe('Ant-Owner@example.com');
  });

  test('a Cc of which nobody is left goes', async () => {
    await change('bart@example.net', prefer({ receive_list_copy: false }));
    const out = outgoing(await throughPipeline(bench, mail({ Cc: 'bart@example.net' })));
    expect(out.message.headers.has('Cc')).toBe(false);
  });
});

describe('Urgent', () => {
  beforeEach(async () => {
    await bench.set({ moderator_password: await hashPassword('secret') });
    await change('bart@example.net', prefer({ delivery_mode: 'mime_digests' }));
    await change('cris@example.org', prefer({ delivery_status: 'by_user' }));
  });

  test('with the password of the list reaches everybody at once', async () => {
    const { metadata, message } = outgoing(await throughPipeline(bench, mail({ Urgent: 'secret' })));
    expect([...(metadata.recipients ?? [])].sort()).toEqual([
      'Bart@Example.net',
      'anne@example.com',
      'cris@example.org',
    ]);
    expect(message.headers.has('Urgent')).toBe(false);
  });

  test('with another one goes back to its sender', async () => {
    const enqueued = await throughPipeline(bench, mail({ Urgent: 'guess' }), {
      envelope_sender: 'anne@example.com',
    });
    expect(enqueued.map(({ queue }) => queue)).toEqual(['virgin']);
    expect(enqueued[0]?.metadata.recipients).toEqual(['anne@example.com']);
  });
});

describe('topics', () => {
  const topics = [
    { name: 'bugs', patterns: '(bug|defect)\\b', description: '' },
    { name: 'news', patterns: 'release\n^v[0-9]+\\.[0-9]+', description: '' },
  ];
  beforeEach(async () => {
    await bench.set({ topics, topics_enabled: true });
    await change('bart@example.net', () => ({ topics: ['bugs'], receiveUnmatchedTopics: false }));
    await change('cris@example.org', () => ({ topics: ['news'], receiveUnmatchedTopics: true }));
  });

  test.each([
    ['a topic of the subject', mail({ Subject: 'A Bug' }), ['Bart@Example.net', 'anne@example.com']],
    ['an encoded subject', mail({ Subject: '=?utf-8?q?v2=2E0?=' }), ['anne@example.com', 'cris@example.org']],
    ['keywords', mail({ Keywords: 'x, defect' }), ['Bart@Example.net', 'anne@example.com']],
    [
      'a line in the text that looks like a header',
      mail({}, '\nKeywords: bug\n\nText\n'),
      ['Bart@Example.net', 'anne@example.com'],
    ],
    ['the text itself does not count', mail({}, 'A bug.\n'), ['anne@example.com', 'cris@example.org']],
    [
      'nor does a header below the lines that are looked at',
      mail({}, 'A: 1\nB: 2\nC: 3\nD: 4\nE: 5\nKeywords: bug\n'),
      ['anne@example.com', 'cris@example.org'],
    ],
    [
      'several topics',
      mail({ Subject: 'bug in the release' }),
      ['Bart@Example.net', 'anne@example.com', 'cris@example.org'],
    ],
  ])('%s', async (_, text, expected) => {
    expect(await recipients(text)).toEqual(expected);
  });

  test('stand in the headers', async () => {
    const { message } = outgoing(await throughPipeline(bench, mail({ Subject: 'bug in the release' })));
    expect(message.headers.toBuffer().toString()).toContain('X-Topics: bugs\r\n\tnews\r\n');
  });

  test('have no effect while they are switched off', async () => {
    await bench.set({ topics_enabled: false });
    expect(await recipients(mail({ Subject: 'bug' }))).toHaveLength(3);
  });

  test('a pattern that does not compile matches nothing', async () => {
    await bench.set({ topics: [{ name: 'bugs', patterns: '(bug', description: '' }] });
    expect(await recipients(mail({ Subject: 'bug' }))).toEqual(['anne@example.com', 'cris@example.org']);
  });
});

describe('sister lists', () => {
  beforeEach(() => sister('bee', ['dora@example.com', 'ANNE@example.com']));

  test('members of an included list get posts too, each one only once', async () => {
    await bench.set({ regular_include_lists: ['bee@example.com', 'gone@example.com', 'ant@example.com'] });
    expect(await recipients()).toEqual([
      'Bart@Example.net',
      'anne@example.com',
      'cris@example.org',
      'dora@example.com',
    ]);
    expect(await recipients(mail({ Cc: 'bee@example.com' }))).not.toContain('dora@example.com');
  });

  test('who wants no own posts gets none by an included list either', async () => {
    await bench.set({ regular_include_lists: ['bee@example.com'] });
    const from = { From: 'dora@example.com' };
    expect(await recipients(mail(from), { envelope_sender: '' })).toContain('dora@example.com');
    await change('dora@example.com', prefer({ receive_own_postings: false }), 'bee.example.com');
    expect(await recipients(mail(from), { envelope_sender: '' })).not.toContain('dora@example.com');
    expect(await recipients()).toContain('dora@example.com');
  });

  test('members of an excluded list get posts that are addressed to it as well from there', async () => {
    await bench.set({ regular_exclude_lists: ['bee@example.com'], regular_exclude_ignore: false });
    expect(await recipients()).toContain('anne@example.com');
    const both = { To: 'ant@example.com, Bee@example.com' };
    expect(await recipients(mail(both))).not.toContain('anne@example.com');
    await bench.set({ regular_exclude_ignore: true });
    expect(await recipients(mail(both))).not.toContain('anne@example.com');
    expect(await recipients(mail({ ...both, From: 'bart@example.net' }), { envelope_sender: '' })).toContain(
      'anne@example.com',
    );
  });
});

describe('mail to the owners', () => {
  const toOwner = (headers = {}) =>
    bench.step((step) =>
      pipelineStep(
        {
          message: Buffer.from(mail({ To: 'ant-owner@example.com', ...headers }).replaceAll('\n', '\r\n')),
          metadata: { listid: 'ant.example.com', to_owner: true },
        },
        step,
      ),
    );

  test('goes to owners and moderators, each once, as it came', async () => {
    await bench.join(['Owen@example.com', 'anne@example.com'], { role: 'owner' });
    await bench.join(['mod@example.com', 'owen@example.com'], { role: 'moderator' });
    const { message, metadata } = outgoing(await toOwner());
    expect(metadata.recipients).toHaveLength(3);
    expect(metadata.recipients?.map((address) => address.toLowerCase()).sort()).toEqual([
      'anne@example.com',
      'mod@example.com',
      'owen@example.com',
    ]);
    expect(metadata.verp).toBe(true);
    expect(message.toBuffer().toString()).toBe(
      mail({ To: 'ant-owner@example.com' }).replaceAll('\n', '\r\n'),
    );
  });

  test('tells nobody who got a blind copy', async () => {
    const { message } = outgoing(
      await toOwner({ Bcc: 'secret@example.net', 'Resent-Bcc': 'other@example.net' }),
    );
    expect(message.toBuffer().toString()).toBe(
      mail({ To: 'ant-owner@example.com' }).replaceAll('\n', '\r\n'),
    );
  });

  test('goes to the site owner where there is nobody', async () => {
    expect(outgoing(await toOwner()).metadata.recipients).toEqual(['changeme@example.com']);
  });
});

test('a list of 20,000 members is read in well below a second', async () => {
  await insertDomain(bench.database.connection, {
    mailHost: 'x.example.com',
    description: null,
    aliasDomain: null,
  });
  await bench.join(Array.from({ length: 20_000 }, (_, number) => `m${number}@x.example.com`));
  const spent = processorTime();
  expect(await recipients()).toHaveLength(20_003);
  expect(spent()).toBeLessThan(1500);
});
