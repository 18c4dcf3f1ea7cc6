import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bounceStep } from '../../src/bounces/bounce-step.ts';
import { insertAddresses } from '../../src/database/addresses.ts';
import { insertList } from '../../src/database/lists.ts';
import { insertMembers } from '../../src/database/members.ts';
import { insertUsers } from '../../src/database/users.ts';
import { NoSuchListError } from '../../src/flow/errors.ts';
import { encodeHeader } from '../../src/message/encoded-words.ts';
import { sampleAddress, sampleList, sampleMember, sampleUser } from '../database/samples.ts';
import { type BounceBench, DAY, openBounceBench, report, sent } from './bench.ts';
import { exampleMessage } from './examples.ts';

const BART = 'bart@example.net';
const UNRECOGNIZED = 'owner@example.com: Uncaught bounce notification';

let bench: BounceBench;
afterEach(() => bench.close());

const score = async (email = BART) => (await bench.member(email))?.bounce.score;

/** Something that no detector knows. */
function odd(headers: Readonly<Record<string, string>> = {}): string {
  const all = {
    From: 'MAILER-DAEMON@example.net',
    To: 'ant-bounces@example.com',
    Subject: 'Returned mail',
    'Message-ID': '<odd@example.net>',
    ...headers,
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n\nNobody understands this.\n`;
}

describe('mail to -bounces', () => {
  beforeEach(async () => {
    bench = await openBounceBench();
  });

  test('counts those of several recipients that are members', async () => {
    await bench.receive(exampleMessage('dsn-two-and-one-late').toBuffer());
    expect(await bench.count()).toEqual([]);
    await bench.join(['gwen@example.net', 'iris@example.net']);
    await bench.receive(exampleMessage('dsn-two-and-one-late').toBuffer());
    await bench.count();
    expect([await score('gwen@example.net'), await score('iris@example.net'), await score()]).toEqual([
      1, 0, 0,
    ]);
  });

  test.each([
    ['in the envelope', {}, { extension: 'bart=example.net' }],
    ['in To', { To: 'ant-bounces+bart=example.net@example.com' }, {}],
    ['in Delivered-To', { 'Delivered-To': '<Ant-Bounces+Bart=Example.NET@EXAMPLE.com>' }, {}],
    ['in Envelope-To', { 'Envelope-To': 'ant-bounces+bart=example.net@example.com' }, {}],
  ])('a recipient named %s bounced, whatever the text says', async (_, headers, metadata) => {
    expect(await bench.receive(odd(headers), metadata)).toEqual([]);
    await bench.count();
    expect(await score()).toBe(1);
  });

  test.each([
    ['of another list', { To: 'bee-bounces+bart=example.net@example.com' }, {}],
    ['of another domain', { To: 'ant-bounces+bart=example.net@example.org' }, {}],
    ['without a domain', {}, { extension: 'bart' }],
    ['that is no address', {}, { extension: 'a b=c d' }],
  ])('an address %s names nobody', async (_, headers, metadata) => {
    expect(sent(await bench.receive(odd(headers), metadata))).toEqual([UNRECOGNIZED]);
    await bench.count();
    expect(await score()).toBe(0);
  });

  // What mail servers and shops write, as a person reads it.
  test.each([
    ['配信不能: Ant', 1],
    ['送信できませんでした', 1],
    ['Échec de la remise', 1],
    ['送信ありがとうございます', 0],
    ['メールマガジン配信のお知らせ', 0],
    ['Votre livraison', 0],
  ])('under the subject %s counts %i', async (subject, points) => {
    const Subject = encodeHeader(subject, 'utf-8');
    await bench.receive(odd({ From: 'support@example.net', Subject }), {
      extension: 'bart=example.net',
      envelope_sender: '',
    });
    await bench.count();
    expect(await score()).toBe(points);
  });

  test('the envelope counts more than what headers say', async () => {
    await bench.receive(odd({ To: 'ant-bounces+cris=example.org@example.com' }), {
      extension: 'bart=example.net',
    });
    await bench.count();
    expect([await score(), await score('cris@example.org')]).toEqual([1, 0]);
  });

  test.each([
    ['a report that it is late', report(BART, 'delayed')],
    ['a report that it was delivered', report(BART, 'delivered')],
    ['a report that it was relayed', report(BART, 'relayed')],
  ])('%s is no bounce, named recipient or not', async (_, mail) => {
    expect(await bench.receive(mail)).toEqual([]);
    expect(await bench.receive(mail, { extension: 'bart=example.net' })).toEqual([]);
    await bench.count();
    expect(await score()).toBe(0);
  });

  test.each([
    ['vacation', ''],
    ['vacation-german', ''],
    ['vacation-japanese', ''],
    ['autoresponder-header', ''],
    ['challenge-tmda', ''],
    ['challenge-boxtrapper', ''],
    ['read-receipt', ''],
    ['feedback-report', ''],
    ['question', 'ted@example.net'],
  ])('%s does not count, and goes to the owners', async (name, envelope_sender) => {
    const mails = await bench.receive(exampleMessage(name).toBuffer(), {
      extension: 'bart=example.net',
      envelope_sender,
    });
    expect(sent(mails)).toEqual([UNRECOGNIZED]);
    await bench.count();
    expect(await score()).toBe(0);
  });

  test('what nobody understands goes where the list says, whole, and not round in circles', async () => {
    const [notice] = await bench.receive(odd());
    expect(notice?.message.toBuffer().toString()).toContain('Nobody understands this.');
    expect(notice?.metadata).toMatchObject({ envsender: 'changeme@example.com', verp: false });
    await bench.set({ forward_unrecognized_bounces_to: 'site_owner' });
    expect(sent(await bench.receive(odd()))).toEqual(['changeme@example.com: Uncaught bounce notification']);
    await bench.set({ forward_unrecognized_bounces_to: 'discard' });
    expect(await bench.receive(odd())).toEqual([]);
    expect(bench.services.logged.map(({ line }) => line).slice(-2)).toEqual([
      'List ant.example.com, bounce message w/no discernable addresses: <odd@example.net>',
      'List ant.example.com, discarding unrecognized, message-id: <odd@example.net>',
    ]);
  });

  test.each(['changeme@example.com', 'Ant <ant-bounces@example.com>', 'ant-owner@example.com'])(
    'what comes from %s goes to the site owner only',
    async (From) => {
      expect(sent(await bench.receive(odd({ From })))).toEqual([
        'changeme@example.com: Uncaught bounce notification',
      ]);
    },
  );

  test('nothing is looked at where the list processes no bounces', async () => {
    await bench.set({ process_bounces: false });
    expect(await bench.receive(odd())).toEqual([]);
    expect(await bench.receive(report(BART))).toEqual([]);
    expect(await bench.database.connection('bounce_event').select('event_id')).toEqual([]);
  });

  test('members of a list that is included are counted there', async () => {
    const bee = sampleList('bee');
    const user = sampleUser();
    const dave = sampleAddress('Dave@example.net', { userId: user.userId });
    await bench.database.transaction(async (connection) => {
      await insertList(connection, bee);
      await insertUsers(connection, [user]);
      await insertAddresses(connection, [dave]);
      await insertMembers(connection, [sampleMember(bee, dave)]);
    });
    await bench.set({ regular_include_lists: ['nowhere@example.com', 'bee@example.com'] });
    await bench.bounce('dave@example.net');
    const rows = await bench.database.connection('member').where('email', 'dave@example.net');
    expect(rows).toMatchObject([{ list_id: 'bee.example.com', bounce_score: 1 }]);
  });

  test('what is kept of a large bounce has a bound, and a mail about many is kept once', async () => {
    await bench.receive(`${report(BART)}${'x'.repeat(2_000_000)}`);
    const [{ length }] = await bench.database
      .connection('bounce_message')
      .select(bench.database.connection.raw('LENGTH(content) AS length'));
    expect(length).toBe(256 * 1024);
  });

  test('a list that is gone shunts the mail', async () => {
    const entry = { message: Buffer.from(odd()), metadata: { listid: 'gone.example.com' } };
    await expect(bench.step((step) => bounceStep(entry, step))).rejects.toThrow(NoSuchListError);
  });
});

describe('probes', () => {
  beforeEach(async () => {
    bench = await openBounceBench({ verp_probes: true });
    await bench.set({ bounce_score_threshold: 1, bounce_notify_owner_on_bounce_increment: true });
  });

  const tokens = (): Promise<string[]> =>
    bench.database.connection('pending').where('kind', 'probe').pluck('token');

  test('a member is asked before delivery is switched off', async () => {
    const [probe, ...others] = await bench.bounce(BART);
    const [token] = await tokens();
    expect(others).toEqual([]);
    expect(probe?.metadata).toMatchObject({
      recipients: ['Bart@example.net'],
      envsender: `ant-bounces+${token}@example.com`,
      verp: false,
    });
    expect(probe?.message.headers.get('From')).toBe(`ant-bounces+${token}@example.com`);
    expect(probe?.message.root.children.at(-1)?.message?.headers.get('Message-ID')).toBe(
      '<bounce@mx.example.net>',
    );
    const bart = await bench.member(BART);
    expect([bart?.bounce.score, bart?.preferences.delivery_status]).toEqual([0, null]);
  });

  test('the bounce of a probe switches delivery off at once, once', async () => {
    await bench.bounce(BART);
    const [token = ''] = await tokens();
    expect(await bench.receive(odd(), { extension: token })).toEqual([]);
    expect(sent(await bench.count())).toHaveLength(2);
    expect((await bench.member(BART))?.preferences.delivery_status).toBe('by_bounces');
    expect(await tokens()).toEqual([]);
    expect(sent(await bench.receive(odd(), { extension: token }))).toEqual([UNRECOGNIZED]);
  });

  test('the token in To is as good as in the envelope', async () => {
    await bench.bounce(BART);
    const [token = ''] = await tokens();
    await bench.receive(odd({ To: `ant-bounces+${token}@example.com` }));
    await bench.count();
    expect((await bench.member(BART))?.preferences.delivery_status).toBe('by_bounces');
  });

  test.each([
    ['vacation', 'owner'],
    ['dsn-delayed', 'nobody'],
    ['dsn-delivered', 'nobody'],
  ])('%s in answer to a probe switches nothing off', async (name, hears) => {
    await bench.bounce(BART);
    const [token = ''] = await tokens();
    const mails = await bench.receive(exampleMessage(name).toBuffer(), { extension: token });
    expect(sent(mails)).toEqual(hears === 'owner' ? [UNRECOGNIZED] : []);
    await bench.count();
    expect((await bench.member(BART))?.preferences.delivery_status).toBeNull();
    expect(await tokens()).toEqual([token]);
  });

  test('a token lives ten days', async () => {
    await bench.bounce(BART);
    const [token = ''] = await tokens();
    bench.clock.advance(10 * DAY);
    expect(sent(await bench.receive(odd(), { extension: token }))).toEqual([UNRECOGNIZED]);
  });

  test('a report about several recipients is not shown to one of them', async () => {
    const several = report(BART).replace(
      '\r\n\r\n--report--',
      '\r\n\r\nFinal-Recipient: rfc822; secret@example.org\r\nAction: failed\r\n\r\n--report--',
    );
    await bench.receive(several);
    const [probe] = await bench.count();
    expect(probe?.message.toBuffer().toString()).not.toContain('secret@example.org');
  });
});
