import { describe, expect, test } from 'vitest';
import { insertAddresses } from '../../src/database/addresses.ts';
import { insertMembers } from '../../src/database/members.ts';
import { speak } from '../../src/language/index.ts';
import { Message } from '../../src/message/message.ts';
import type { Notice } from '../../src/templates/notice.ts';
import { sendNotice } from '../../src/templates/notice-sending.ts';
import * as bounces from '../../src/templates/notices/bounces.ts';
import * as lists from '../../src/templates/notices/lists.ts';
import * as posts from '../../src/templates/notices/posts.ts';
import * as subscriptions from '../../src/templates/notices/subscriptions.ts';
import { sampleAddress, sampleMember } from '../database/samples.ts';
import { judge } from '../message/python.ts';
import { type Installation, installation, LIST } from './installation.ts';

/** What Python reads in a mail. */
interface Read {
  readonly names: readonly string[];
  readonly subject: string;
  readonly from: readonly [string, string][];
  readonly to: readonly [string, string][];
  readonly type: string;
  readonly charset: string | null;
  readonly text: string;
  readonly attachments: readonly {
    readonly type: string;
    readonly bytes: string;
    readonly subject: string;
  }[];
  readonly headers: Readonly<Record<string, string>>;
  readonly defects: readonly string[];
  readonly longest: number;
}

const READ = `
import email.policy
raw = value.encode('latin-1')
message = email.message_from_bytes(raw, policy=email.policy.SMTP)
parts = [part for part in message.walk() if not part.is_multipart()] if not message.is_multipart() else list(message.iter_parts())
text = message if not message.is_multipart() else parts[0]
def inner(part):
    attached = part.get_payload(0)
    return {'type': part.get_content_type(), 'bytes': part.as_bytes().split(b'\\r\\n\\r\\n', 1)[1].decode('latin-1'), 'subject': str(attached['Subject'])}
return {
    'names': [name for name, _ in message.items()],
    'subject': str(message['Subject']),
    'from': [[a.display_name, a.addr_spec] for a in message['From'].addresses],
    'to': [[a.display_name, a.addr_spec] for a in message['To'].addresses],
    'type': message.get_content_type(),
    'charset': text.get_content_charset(),
    'text': text.get_content().replace('\\r\\n', '\\n'),
    'attachments': [inner(part) for part in parts[1:]] if message.is_multipart() else [],
    'headers': {name: str(v) for name, v in message.items()},
    'defects': [repr(d) for part in message.walk() for d in part.defects],
    'longest': max(len(line) for line in raw.split(b'\\r\\n\\r\\n', 1)[0].split(b'\\r\\n')),
}`;

function read(here: Installation): Read[] {
  return judge<Read>(
    READ,
    here.sent.map(({ message }) => Buffer.from(message).toString('latin1')),
  );
}

const POST = Message.parse(
  Buffer.from(
    'From: zed@example.org\r\nSubject: the post\r\nX-Odd:  kept \r\n\r\nbare\nLF, 8-bit \xe9\r\n',
    'latin1',
  ),
);
const TOKEN = '0123456789abcdef0123456789abcdef01234567';
const to = { address: 'Zed@Example.org', displayName: 'Zoë "Z" Ünal' };
const NAME = 'Zoë "Z" Ünal';

interface Case {
  readonly notice: (here: Installation) => Notice;
  readonly subject: (say: Awaited<ReturnType<typeof speak>>) => string;
  readonly from: string;
  readonly to: string;
  readonly attachments?: number;
  readonly bulk?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
}

const DISPLAY = 'Ants & Ümläute';
const listname = 'ant@example.com';
const display_name = DISPLAY;
const held = {
  sender: 'zed@example.org',
  subject: 'Grüße, 皆さん',
  reasons: ['Message has no subject', 'Own words'],
};

const cases: Readonly<Record<string, Case>> = {
  confirmJoin: {
    notice: ({ list }) => subscriptions.confirmJoin(list, { to, token: TOKEN }),
    subject: (say) => say('subject_confirm_join', { listname }),
    from: `ant-confirm+${TOKEN}@example.com`,
    to: to.address,
    bulk: false,
    headers: { 'Auto-Submitted': 'auto-generated' },
  },
  confirmLeave: {
    notice: ({ list }) => subscriptions.confirmLeave(list, { to, token: TOKEN }),
    subject: (say) => say('subject_confirm_leave', { listname }),
    from: `ant-confirm+${TOKEN}@example.com`,
    to: to.address,
    bulk: false,
  },
  invitation: {
    notice: ({ list }) => subscriptions.invitation(list, { to, token: TOKEN }),
    subject: (say) => say('subject_invitation', { listname }),
    from: `ant-confirm+${TOKEN}@example.com`,
    to: to.address,
    bulk: false,
  },
  joinWaits: {
    notice: ({ list }) => subscriptions.joinWaits(list, to),
    subject: (say) => say('subject_join_waits', { display_name, email: 'zed@example.org' }),
    from: 'ant-owner@example.com',
    to: 'ant-owner@example.com',
  },
  leaveWaits: {
    notice: ({ list }) => subscriptions.leaveWaits(list, to),
    subject: (say) => say('subject_leave_waits', { display_name, email: 'zed@example.org' }),
    from: 'ant-owner@example.com',
    to: 'ant-owner@example.com',
  },
  welcome: {
    notice: ({ list }) => subscriptions.welcome(list, { to, digest: false }),
    subject: (say) => say('subject_welcome', { display_name }),
    from: 'ant-request@example.com',
    to: to.address,
    headers: { 'X-No-Archive': 'yes' },
  },
  welcomeDigest: {
    notice: ({ list }) => subscriptions.welcome(list, { to, digest: true }),
    subject: (say) => say('subject_welcome_digest', { display_name }),
    from: 'ant-request@example.com',
    to: to.address,
  },
  goodbye: {
    notice: ({ list }) => subscriptions.goodbye(list, to),
    subject: (say) => say('subject_goodbye', { display_name }),
    from: 'ant-bounces@example.com',
    to: to.address,
  },
  memberJoined: {
    notice: ({ list }) => subscriptions.memberJoined(list, to),
    subject: (say) => say('subject_member_joined', { display_name }),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
  },
  memberLeft: {
    notice: ({ list }) => subscriptions.memberLeft(list, to),
    subject: (say) => say('subject_member_left', { display_name }),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
  },
  postHeld: {
    notice: ({ list }) => posts.postHeld(list, { to, ...held }),
    subject: (say) => say('subject_post_held', { listname }),
    from: 'ant-bounces@example.com',
    to: to.address,
  },
  postNeedsApproval: {
    notice: ({ list }) => posts.postNeedsApproval(list, { ...held, original: POST, token: TOKEN }),
    subject: (say) => say('subject_post_needs_approval', { listname, sender: 'zed@example.org' }),
    from: 'ant-owner@example.com',
    to: 'ant-owner@example.com',
    attachments: 2,
  },
  noMoreToday: {
    notice: ({ list }) => posts.noMoreToday(list, { to, count: 10 }),
    subject: (say) => say('subject_no_more_today'),
    from: 'ant-owner@example.com',
    to: to.address,
  },
  postRejected: {
    notice: ({ list }) =>
      posts.postRejected(list, { to, subject: held.subject, reasons: held.reasons, original: POST }),
    subject: () => held.subject,
    from: 'ant-owner@example.com',
    to: to.address,
    attachments: 1,
  },
  requestRefused: {
    notice: ({ list }) => posts.requestRefused(list, { to, request: { post: held.subject }, reason: '' }),
    subject: (say) => say('subject_request_rejected', { display_name }),
    from: 'ant-bounces@example.com',
    to: to.address,
  },
  acknowledgement: {
    notice: ({ list }) => posts.acknowledgement(list, { to, subject: '[Ant] Grüße' }),
    subject: (say) => say('subject_acknowledgement', { display_name }),
    from: 'ant-bounces@example.com',
    to: to.address,
  },
  autoresponse: {
    notice: ({ list }) => posts.autoresponse(list, { to, text: 'Danke schön, 100% %(listname)s' }),
    subject: (say) => say('subject_autoresponse', { display_name }),
    from: 'ant-bounces@example.com',
    to: to.address,
    headers: { 'X-Mailer': 'The Mailman Replybot', 'X-Ack': 'No' },
  },
  filteredPost: {
    notice: ({ list }) => posts.filteredPost(list, POST),
    subject: (say) => say('subject_content_filter'),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
    attachments: 1,
  },
  forwardedPost: {
    notice: ({ list }) => posts.forwardedPost(list, { to, original: POST }),
    subject: (say) => say('subject_forwarded'),
    from: 'ant-bounces@example.com',
    to: to.address,
    attachments: 1,
  },
  bounceScoreUp: {
    notice: ({ list }) => bounces.bounceScoreUp(list, { email: to.address, bounce: POST }),
    subject: (say) => say('subject_bounce_score', { display_name, email: 'zed@example.org' }),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
    attachments: 1,
  },
  memberDisabled: {
    notice: ({ list }) => bounces.memberDisabled(list, { email: to.address }),
    subject: (say) => say('subject_disabled_for_owners', { display_name, email: 'zed@example.org' }),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
  },
  memberRemoved: {
    notice: ({ list }) => bounces.memberRemoved(list, { email: to.address }),
    subject: (say) => say('subject_removed_for_bounces', { display_name, email: 'zed@example.org' }),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
  },
  disabledWarning: {
    notice: ({ list }) => bounces.disabledWarning(list, to),
    subject: (say) => say('subject_disabled', { display_name }),
    from: 'ant-bounces@example.com',
    to: to.address,
  },
  probe: {
    notice: ({ list }) => bounces.probe(list, { to, token: TOKEN, bounce: POST }),
    subject: (say) => say('subject_probe', { display_name }),
    from: `ant-bounces+${TOKEN}@example.com`,
    to: to.address,
    attachments: 1,
    bulk: false,
  },
  unrecognizedBounce: {
    notice: ({ list }) => bounces.unrecognizedBounce(list, { original: POST, audience: 'owners' }),
    subject: (say) => say('subject_unrecognized_bounce'),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
    attachments: 1,
  },
  newList: {
    notice: ({ list }) => lists.newList(list, to),
    subject: (say) => say('subject_new_list', { listname }),
    from: 'noreply@example.com',
    to: to.address,
  },
  requestsWaiting: {
    notice: ({ list }) =>
      lists.requestsWaiting(list, { count: 2, data: () => ['zed@example.org: Grüße', 'ann'] }),
    subject: (say) => say('subject_requests_waiting', { listname, count: 2 }),
    from: 'postmaster@example.net',
    to: 'ant-owner@example.com',
  },
  commandResults: {
    notice: ({ list }) =>
      lists.commandResults(list, {
        to,
        original: { from: 'zed@example.org', subject: 'hëlp', date: 'now', messageId: '<x@y>' },
        results: ['echo hello', ''],
        unprocessed: ['foo'],
        ignored: ['bar'],
      }),
    subject: (say) => say('subject_command_results'),
    from: 'ant-bounces@example.com',
    to: to.address,
  },
};

async function withOwners(settings: Parameters<typeof installation>[0] = {}, configuration = '') {
  const here = await installation({ display_name: DISPLAY, ...settings }, configuration);
  const owner = sampleAddress('Owner@example.org');
  const moderator = sampleAddress('mod@example.org');
  await insertAddresses(here.database.connection, [owner, moderator]);
  await insertMembers(here.database.connection, [
    sampleMember(here.list, owner, { role: 'owner' }),
    sampleMember(here.list, moderator, { role: 'moderator' }),
    sampleMember(here.list, owner, { role: 'moderator' }),
  ]);
  return here;
}

describe.each(['en', 'ja', 'de', 'fr'])('every notice, in %s', (language) => {
  test('is what Python reads', async () => {
    const here = await withOwners({ preferred_language: language });
    const say = await speak([language]);
    for (const { notice } of Object.values(cases)) await sendNotice(here.step, notice(here));
    const all = read(here);
    for (const [index, [name, expected]] of Object.entries(cases).entries()) {
      const mail = all[index];
      if (!mail) throw new Error(name);
      expect.soft(mail.defects, name).toEqual([]);
      expect.soft(mail.subject, name).toBe(expected.subject(say));
      expect.soft(mail.from, name).toEqual([['', expected.from]]);
      expect.soft(mail.to, name).toEqual([[expected.to === to.address ? NAME : '', expected.to]]);
      expect.soft(mail.headers.Precedence, name).toBe(expected.bulk === false ? undefined : 'bulk');
      expect.soft(mail.headers, name).toMatchObject(expected.headers ?? {});
      expect.soft(mail.headers['Message-ID'], name).toMatch(/^<[0-9a-f]{40}@example\.com>$/);
      expect.soft(Date.parse(mail.headers.Date ?? ''), name).toBe(1_700_000_000_000);
      expect.soft(mail.headers['MIME-Version'], name).toBe('1.0');
      expect.soft(mail.type, name).toBe(expected.attachments ? 'multipart/mixed' : 'text/plain');
      expect.soft(mail.attachments, name).toHaveLength(expected.attachments ?? 0);
      expect.soft(mail.longest, name).toBeLessThanOrEqual(100);
      expect.soft(mail.text, name).not.toMatch(/\$[a-z]|%\(|\{/);
      expect.soft(new Set(mail.names).size, name).toBe(mail.names.length);
      if (name !== 'goodbye' && name !== 'forwardedPost') expect.soft(mail.text, name).toMatch(/\S/);
    }
  });
});

test('recipients are those of To, for owners the owners and moderators, each once', async () => {
  const here = await withOwners();
  await sendNotice(here.step, subscriptions.welcome(here.list, { to, digest: false }));
  await sendNotice(here.step, subscriptions.joinWaits(here.list, to));
  await sendNotice(here.step, subscriptions.memberJoined(here.list, to));
  expect(here.sent.map(({ queue, metadata }) => [queue, metadata])).toEqual(
    [['Zed@Example.org'], ['ant-owner@example.com'], ['mod@example.org', 'Owner@example.org']].map(
      (recipients) => [
        'virgin',
        {
          listid: 'ant.example.com',
          recipients,
          virgin: true,
          nodecorate: true,
          reduced_list_headers: true,
          lang: 'en',
        },
      ],
    ),
  );
});

test('without owners the site’s owner is told', async () => {
  const here = await installation();
  await sendNotice(here.step, subscriptions.memberJoined(here.list, to));
  await sendNotice(
    here.step,
    bounces.unrecognizedBounce(here.list, { original: POST, audience: 'site-owner' }),
  );
  expect(here.sent.map(({ metadata }) => metadata.recipients)).toEqual([
    ['postmaster@example.net'],
    ['postmaster@example.net'],
  ]);
  expect(read(here).map((mail) => mail.to[0]?.[1])).toEqual([
    'postmaster@example.net',
    'postmaster@example.net',
  ]);
});

test('a probe leaves with its own envelope sender, without VERP', async () => {
  const here = await installation();
  await sendNotice(here.step, bounces.probe(here.list, { to, token: TOKEN }));
  expect(here.sent[0]?.metadata).toMatchObject({
    envsender: `ant-bounces+${TOKEN}@example.com`,
    verp: false,
  });
});

test('without verp_confirmations the token stands in the Subject', async () => {
  const here = await installation({}, '[mta]\nverp_confirmations: no\n');
  await sendNotice(here.step, subscriptions.confirmJoin(here.list, { to, token: TOKEN }));
  const [mail] = read(here);
  expect(mail?.subject).toBe(`confirm ${TOKEN}`);
  expect(mail?.from).toEqual([['', 'ant-request@example.com']]);
  expect(mail?.text).toContain(`    confirm ${TOKEN}\n`);
});

test('a held post comes with itself, byte for byte, and with a message whose reply decides', async () => {
  const here = await installation();
  await sendNotice(here.step, posts.postNeedsApproval(here.list, { ...held, original: POST, token: TOKEN }));
  const bytes = Buffer.from(here.sent[0]?.message ?? []).toString('latin1');
  expect(bytes).toContain(`\r\n\r\n${POST.toBuffer().toString('latin1')}\r\n--`);
  const [mail] = read(here);
  expect(mail?.attachments.map(({ type, subject }) => [type, subject])).toEqual([
    ['message/rfc822', 'the post'],
    ['message/rfc822', `confirm ${TOKEN}`],
  ]);
  expect(mail?.attachments[1]?.bytes).toContain('From: ant-request@example.com\r\n');
  expect(mail?.text).toContain('    Subject: Grüße, 皆さん\n');
  expect(mail?.text).toContain('    Message has no subject\n    Own words\n');
});

test('reasons and requests are in the language of the reader', async () => {
  const here = await installation({ preferred_language: 'de' });
  await sendNotice(here.step, posts.postHeld(here.list, { to: { ...to, language: 'fr' }, ...held }));
  await sendNotice(
    here.step,
    posts.requestRefused(here.list, { to, request: 'join', reason: 'Nein.\nLeider.' }),
  );
  await sendNotice(
    here.step,
    posts.requestRefused(here.list, { to, request: { post: 'Hallo' }, reason: ' ' }),
  );
  const [french, refused, unexplained] = read(here);
  expect(french?.text).toContain("    Le message n'a pas d'objet\n    Own words\n");
  expect(refused?.text).toContain('    Antrag auf Beitritt\n');
  expect(refused?.text).toContain('Nein. Leider.');
  expect(unexplained?.text).toContain('    Veröffentlichung Ihrer Nachricht mit dem Betreff "Hallo"\n');
  expect(unexplained?.text).toContain('[Ohne Angabe von Gründen]');
});

test('the charset is that of the language where it has the characters, else UTF-8', async () => {
  const here = await installation(
    {},
    '[language.ja]\ncharset: iso-2022-jp\n[language.de]\ncharset: iso-8859-1\n',
  );
  for (const language of ['en', 'ja', 'de', 'fr'])
    await sendNotice(here.step, bounces.disabledWarning(here.list, { ...to, displayName: '', language }));
  await here.put(LIST, 'list:user:notice:warning', 'Ünal 皆さん');
  await sendNotice(here.step, bounces.disabledWarning(here.list, { ...to, language: 'de' }));
  expect(read(here).map(({ charset }) => charset)).toEqual([
    'us-ascii',
    'iso-2022-jp',
    'iso-8859-1',
    'utf-8',
    'utf-8',
  ]);
  const [, japanese] = here.sent.map(({ message }) => Buffer.from(message).toString('latin1'));
  expect(japanese).toContain('Subject: =?iso-2022-jp?');
  expect(japanese).toContain('Content-Transfer-Encoding: 7bit');
});

test('nothing from outside becomes a header, a recipient or a further line', async () => {
  const evil = 'x\r\nBcc: victim@example.com\r\n\r\nBody\u2028\u0085line';
  const here = await installation({ display_name: evil, description: evil });
  const hostile = { address: 'zed@example.org', displayName: `${evil}", <victim@example.com>` };
  await sendNotice(here.step, subscriptions.welcome(here.list, { to: hostile, digest: false }));
  await sendNotice(here.step, subscriptions.joinWaits(here.list, hostile));
  await sendNotice(
    here.step,
    posts.postHeld(here.list, { to: hostile, sender: 'zed@example.org', subject: evil, reasons: [evil] }),
  );
  await sendNotice(
    here.step,
    posts.postRejected(here.list, { to: hostile, subject: evil, reasons: [evil], original: POST }),
  );
  await sendNotice(
    here.step,
    lists.commandResults(here.list, {
      to: hostile,
      original: { from: evil, subject: evil, date: evil, messageId: evil },
      results: [evil],
    }),
  );
  for (const mail of read(here)) {
    expect(mail.names).not.toContain('Bcc');
    expect(mail.to).toHaveLength(1);
    expect(mail.to[0]?.[1]).toMatch(/^(zed@example\.org|ant-owner@example\.com)$/);
    expect(mail.subject).not.toMatch(/[\r\n]/);
    expect(mail.defects).toEqual([]);
  }
  const [, , postHeld, , results] = read(here);
  expect(postHeld?.text).toContain('    x Bcc: victim@example.com Body line\n');
  expect(postHeld?.text).not.toMatch(/^Bcc/m);
  expect(results?.text).not.toMatch(/^Bcc|^Body/m);
});

test('on an umbrella list what is meant for a person goes to the owner of the member list', async () => {
  const here = await installation({ umbrella_list: true });
  const member = { address: 'north@example.net', displayName: '' };
  await sendNotice(here.step, subscriptions.welcome(here.list, { to: member, digest: false }));
  await sendNotice(here.step, posts.acknowledgement(here.list, { to: member, subject: 's' }));
  expect(here.sent.map(({ metadata }) => metadata.recipients)).toEqual([
    ['north-owner@example.net'],
    ['north@example.net'],
  ]);
});

test('automatic answers of Mailman 2.1 and 3 are filled in', async () => {
  const here = await installation({ web_page_url: 'http://lists.example.com/mailman/' });
  const text = '%(listname)s is at %(listurl)s, ask %(owneremail)s. $listname, $display_name, 100%';
  await sendNotice(here.step, posts.autoresponse(here.list, { to, text }));
  expect(read(here)[0]?.text.replaceAll('\n', ' ').trim()).toBe(
    'Ant is at http://lists.example.com/mailman/listinfo/ant, ask ant-owner@example.com. ant@example.com, Ant, 100%',
  );
});

test('texts taken over from Mailman 2.1 may name their reader in every mail to one person', async () => {
  const here = await installation({ preferred_language: 'de' });
  const text = '$user_name|$user_email|$user_address|$user_delivered_to|$user_language';
  for (const name of ['list:user:notice:warning', 'list:user:notice:post', 'list:user:notice:goodbye'])
    await here.put(LIST, name, text);
  await sendNotice(here.step, bounces.disabledWarning(here.list, to));
  await sendNotice(here.step, posts.acknowledgement(here.list, { to, subject: 's' }));
  await sendNotice(here.step, subscriptions.goodbye(here.list, { ...to, language: 'fr' }));
  const person = `${NAME}|zed@example.org|zed@example.org|Zed@Example.org`;
  expect(read(here).map((mail) => mail.text.trim())).toEqual([
    `${person}|German`,
    `${person}|German`,
    `${person}|French`,
  ]);
});
