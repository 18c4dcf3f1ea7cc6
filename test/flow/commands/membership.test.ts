import { describe, expect, it } from 'vitest';
import { compilePythonRegExp } from '../../../src/config/regexp.ts';
import { commandStep } from '../../../src/flow/command-step.ts';
import { Message } from '../../../src/message/message.ts';
import { commandBench } from './bench.ts';

const bench = commandBench();

const JOIN = 'anne@example.org: Your confirmation is needed to join the ant@example.com mailing list.';
const LEAVE = 'anne@example.org: Your confirmation is needed to leave the ant@example.com mailing list.';
const WELCOME = 'anne@example.org: Welcome to the "Ant" mailing list';

function tokenInQueue(): string {
  const from = bench().queued[0]?.message.headers.get('From') ?? '';
  return /\+([0-9a-f]{40})@/.exec(from)?.[1] ?? '';
}

describe('join', () => {
  it('is asked for by -join, confirmed by a reply, and answered by nothing else', async () => {
    await bench().send({ Subject: 'whatever' }, 'leave', { subaddress: 'join', to_request: false });
    const token = tokenInQueue();
    expect(bench().mails()).toEqual([JOIN]);
    await bench().send({ Subject: 'Re: Your confirmation' }, '> join\nyes', {
      subaddress: 'confirm',
      extension: token,
      to_request: false,
    });
    expect(bench().mails()).toEqual([WELCOME]);
    expect(await bench().members()).toMatchObject([
      { email: 'anne@example.org', displayName: 'Anne Person' },
    ]);
  });

  it('is asked for by mail to -request, and answered', async () => {
    await bench().send({ Subject: 'subscribe' });
    expect(bench().resultLines()).toEqual(['Confirmation email sent to Anne Person <anne@example.org>']);
    const token = tokenInQueue();
    expect(bench().mails()).toEqual([JOIN]);
    await bench().send({ Subject: `Re: confirm ${token}` });
    expect(bench().resultLines()).toEqual(['Confirmed']);
    expect(bench().mails()).toEqual([WELCOME]);
  });

  it('says that somebody joined where no confirmation was needed', async () => {
    await bench().join('nonmember', 'anne@example.org');
    await bench().database.connection('member').delete();
    await bench().set({ subscription_policy: 'open' });
    await bench().send({ Subject: 'join' });
    expect(bench().resultLines()).toEqual(['Anne Person <anne@example.org> joined ant@example.com']);
  });

  it('says that moderators decide, to -join too', async () => {
    await bench().join('nonmember', 'anne@example.org');
    await bench().database.connection('member').delete();
    await bench().set({ subscription_policy: 'moderate' });
    await bench().send({ Subject: '' }, '', { subaddress: 'join' });
    expect(bench().resultLines()[0]).toContain('the moderators of ant@example.com decide');
  });

  it('takes the choice of digests', async () => {
    await bench().send({ Subject: 'join Digest=MIME' });
    await bench().send({ Subject: `confirm ${tokenInQueue()}` });
    expect(await bench().members()).toMatchObject([{ preferences: { delivery_mode: 'mime_digests' } }]);
  });

  it('refuses what it does not understand, and reads no further', async () => {
    await bench().send({ Subject: 'join foo=1' }, 'join');
    const [answer = ''] = bench().results();
    expect(answer).toContain('- Results:\n    join bad argument: foo=1\n');
    expect(answer).toContain('- Unprocessed:\n    join\n');
    expect(bench().mails()).toEqual([]);
  });

  it('asks again whoever asks again, but nobody more than three times', async () => {
    const tokens: string[] = [];
    for (const _ of [1, 2, 3]) {
      await bench().send({ Subject: 'join' });
      tokens.push(tokenInQueue());
      expect(bench().resultLines()).toEqual(['Confirmation email sent to Anne Person <anne@example.org>']);
      expect(bench().mails()).toEqual([
        'anne@example.org: Your confirmation is needed to join the ant@example.com mailing list.',
      ]);
    }
    await bench().send({ Subject: 'join' });
    expect(bench().resultLines()).toEqual([
      'anne@example.org: unanswered confirmation emails of ant@example.com are still open, none was sent',
    ]);
    expect(bench().mails()).toEqual([]);
    await bench().send({ Subject: `confirm ${tokens[0]}` });
    expect(await bench().members()).toMatchObject([{ email: 'anne@example.org' }]);
    bench().results();
    await bench().send({ Subject: `confirm ${tokens[2]}` });
    expect(bench().resultLines()).toEqual(['Confirmation token did not match']);
  });

  it('tells members, those who wait for a moderator, and the banned', async () => {
    await bench().set({ subscription_policy: 'confirm_then_moderate' });
    await bench().send({ Subject: 'join' });
    await bench().send({ Subject: `confirm ${tokenInQueue()}` });
    bench().results();
    await bench().send({ Subject: 'join' });
    expect(bench().resultLines()).toEqual([
      'anne@example.org has a pending subscription for ant@example.com',
    ]);
    await bench().set({ subscription_policy: 'confirm' });
    bench().mails();
    await bench().send({ From: 'Bart <bart@example.org>', Subject: 'join' });
    const token = tokenInQueue();
    await bench().send({ From: 'Bart <bart@example.org>', Subject: `confirm ${token}` });
    bench().results();
    await bench().send({ From: 'Bart <bart@example.org>', Subject: 'join' });
    expect(bench().resultLines()).toEqual([
      'bart@example.org is already a MemberRole.member of mailing list ant@example.com',
    ]);
  });

  it('has somebody else confirm at the address that is named', async () => {
    await bench().set({ subscription_policy: 'open' });
    await bench().send({ Subject: 'join address=Bart@Example.net' });
    expect(bench().resultLines()).toEqual(['Confirmation email sent to Bart@Example.net']);
    expect(bench().mails()).toEqual([
      'Bart@Example.net: Your confirmation is needed to join the ant@example.com mailing list.',
    ]);
  });

  it('has one mail sent to somebody else, not many', async () => {
    await bench().send({ Subject: 'join address=bart@example.net' }, 'join address=carl@example.net');
    expect(bench().results()[0]).toContain('- Unprocessed:\n    join address=carl@example.net\n');
    expect(bench().mails()).toHaveLength(1);
  });

  it('tells nobody whether somebody else is a member', async () => {
    await bench().join('member', 'bart@example.net');
    await bench().send({ Subject: 'join address=bart@example.net' });
    expect(bench().resultLines()).toEqual(['Confirmation email sent to bart@example.net']);
    expect(bench().mails()).toEqual([]);
  });

  it('refuses what is no address', async () => {
    await bench().send({ Subject: 'join address=bart' });
    expect(bench().resultLines()).toEqual(['Invalid email address: bart']);
  });
});

describe('leave', () => {
  it('is confirmed by mail to the member, whoever wrote', async () => {
    await bench().join('member', 'Anne <anne@example.org>');
    await bench().send({ Subject: '' }, '', { subaddress: 'leave' });
    const token = tokenInQueue();
    expect(bench().mails()).toEqual([LEAVE]);
    expect(await bench().emails()).toEqual(['anne@example.org']);
    await bench().send({ From: 'x@example.net', Subject: `confirm ${token}` });
    expect(await bench().emails()).toEqual([]);
  });

  it('names the member as the list knows her, as Mailman does', async () => {
    await bench().join('member', 'Anne P. <anne@example.org>');
    await bench().send({ From: 'anne@example.org', Subject: 'leave' });
    expect(bench().resultLines()).toEqual([
      'Confirmation email sent to "Anne P." <anne@example.org> to leave ant@example.com',
    ]);
  });

  it('must be confirmed by owners too', async () => {
    await bench().join('member', 'anne@example.org');
    await bench().join('owner', 'anne@example.org');
    await bench().send({ Subject: 'leave' });
    expect(await bench().emails()).toEqual(['anne@example.org']);
  });

  it('is done at once where the list lets everybody', async () => {
    await bench().join('member', 'anne@example.org');
    await bench().set({ unsubscription_policy: 'open' });
    await bench().send({ Subject: 'unsubscribe' });
    expect(bench().resultLines()).toEqual(['anne@example.org left ant@example.com']);
  });

  it('ends the membership of another verified address of the same person', async () => {
    await bench().join('member', 'anne@example.org');
    await bench().join('nonmember', 'anne@home.example');
    const [row] = await bench().database.connection('address').where('email', 'anne@home.example');
    await bench()
      .database.connection('address')
      .where('email', 'anne@example.org')
      .update({ user_id: row.user_id });
    await bench().send({ From: 'anne@home.example', Subject: 'leave' });
    expect(bench().resultLines()).toEqual([
      'Confirmation email sent to anne@example.org to leave ant@example.com',
    ]);
  });

  it('tells who is nobody here', async () => {
    await bench().send({ Subject: 'leave' });
    expect(bench().resultLines()).toEqual(['No registered user for email address: anne@example.org']);
    await bench().join('nonmember', 'anne@example.org');
    await bench().send({ Subject: 'leave' });
    expect(bench().resultLines()).toEqual(['leave: anne@example.org is not a member of ant@example.com']);
    await bench().database.connection('address').update({ verified_on: null });
    await bench().send({ Subject: 'leave' });
    expect(bench().resultLines()).toEqual(['Invalid or unverified email address: anne@example.org']);
  });

  it('fills nobody’s mailbox', async () => {
    await bench().join('member', 'anne@example.org');
    for (let time = 0; time < 5; time += 1) await bench().send({ Subject: 'leave' });
    expect(bench().results().at(-1)).toContain('none was sent');
    expect(bench().mails()).toHaveLength(3);
  });

  it('tells nobody about others', async () => {
    await bench().join('member', 'bart@example.net');
    for (const address of ['bart@example.net', 'nobody@example.net']) {
      await bench().send({ Subject: `leave address=${address}` });
      expect(bench().resultLines()).toEqual([
        `Confirmation email sent to ${address} to leave ant@example.com`,
      ]);
    }
    expect(bench().mails()).toEqual([
      'bart@example.net: Your confirmation is needed to leave the ant@example.com mailing list.',
    ]);
    expect(await bench().emails()).toEqual(['bart@example.net']);
  });
});

describe('confirm', () => {
  it('says that a token is unknown, missing or used up', async () => {
    await bench().send({ Subject: `confirm ${'a'.repeat(40)}` });
    expect(bench().resultLines()).toEqual(['Confirmation token did not match']);
    await bench().send({ Subject: 'confirm' });
    expect(bench().resultLines()).toEqual(['No confirmation token found']);
    await bench().send({ Subject: '' }, '', { subaddress: 'confirm', extension: `${'a'.repeat(39)}'` });
    expect(bench().resultLines()).toEqual(['Confirmation token did not match']);
  });

  it('reads addresses of the form that the site gives them', async () => {
    await bench().send({ Subject: 'join' });
    const message = Message.of([['From', 'anne@example.org']], '').toBuffer();
    const metadata = {
      listid: 'ant.example.com',
      subaddress: 'confirm',
      extension: `t0=${tokenInQueue()}`,
      envelope_sender: 'anne@example.org',
    };
    await bench().run((step) => {
      const verp_confirm_regexp = compilePythonRegExp('^(?P<addr>[^+]+)\\+t0=(?P<cookie>[^@]+)@.*$', 'i');
      const mta = { ...step.config.mta, verp_confirm_regexp };
      return commandStep(message, metadata, { ...step, config: { ...step.config, mta } });
    });
    expect(await bench().emails()).toEqual(['anne@example.org']);
  });

  it('ends the commands', async () => {
    await bench().send({ Subject: `confirm ${'a'.repeat(40)}` }, 'echo x');
    expect(bench().results()[0]).toContain('- Unprocessed:\n    echo x\n');
  });

  it('is not what a vacation notice, a bounce or a delivery report does', async () => {
    await bench().send({ Subject: 'join' });
    const token = tokenInQueue();
    bench().mails();
    const confirmation = { subaddress: 'confirm', extension: token };
    await bench().send({ Subject: 'Away', 'Auto-Submitted': 'auto-replied' }, '', confirmation);
    await bench().send({ Subject: 'Failed' }, '', { ...confirmation, envelope_sender: '' });
    await bench().send(
      { Subject: 'Failed', 'Content-Type': 'multipart/report; boundary=x' },
      '--x\n\nx\n--x--\n',
      confirmation,
    );
    expect(await bench().emails()).toEqual([]);
    expect(bench().mails()).toEqual([]);
    await bench().send({ Subject: 'Re: yes', 'Auto-Submitted': 'no' }, '', confirmation);
    expect(await bench().emails()).toEqual(['anne@example.org']);
  });

  it('is not what robots do that only their words tell from people', async () => {
    await bench().send({ Subject: 'join' });
    const token = tokenInQueue();
    bench().mails();
    const confirmation = { subaddress: 'confirm', extension: token };
    const daemon = { From: 'Mail Delivery System <MAILER-DAEMON@mx.example.net>' };
    for (const headers of [
      { Subject: 'I am away', 'X-Autoreply': 'yes' },
      { Subject: 'I am away', Precedence: 'auto_reply' },
      { Subject: 'Automatic reply: Your confirmation is needed' },
      { Subject: 'Out of Office: Your confirmation is needed' },
      { Subject: 'Undeliverable: Your confirmation is needed' },
      { ...daemon, Subject: 'Warning' },
    ])
      await bench().send(headers, '', confirmation);
    // Without a token in the address it is in the Subject that they answer.
    await bench().send({ Subject: `Abwesenheitsnotiz: confirm ${token}` });
    expect(await bench().emails()).toEqual([]);
    expect(bench().mails()).toEqual([]);
    const subject = 'Re: Your confirmation is needed to join the undeliverable@example.com mailing list.';
    const postmaster = { From: 'postmaster@example.net', Subject: subject };
    await bench().send(postmaster, '', confirmation);
    expect(await bench().emails()).toEqual(['anne@example.org']);
  });
});
