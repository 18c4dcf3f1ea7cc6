import { describe, expect, it } from 'vitest';
import { mailman21Language } from '../../../compat/commands/index.ts';
import { insertCutover } from '../../../src/database/cutover.ts';
import { updateSettings } from '../../../src/database/lists.ts';
import { updateMember } from '../../../src/database/members.ts';
import { hashPassword } from '../../../src/membership/passwords.ts';
import { partText } from '../../../src/message/text.ts';
import { commandBench } from '../../flow/commands/bench.ts';

const bench = commandBench(mailman21Language);

/** Members who come from Mailman 2.1, with passwords in clear. */
async function withOldPassword(email: string, password: string): Promise<void> {
  await bench().join('member', email);
  const member = (await bench().members()).find((one) => one.email === email);
  await bench().run(async ({ connection }) => {
    if (member) await updateMember(connection, { ...member, legacy: { options: 0, password } });
  });
}

async function ask(body: string, from = 'anne@example.org'): Promise<string[]> {
  await bench().send({ From: from, Subject: 'x' }, body);
  return bench().resultLines();
}

function token(): string {
  const asking = bench().queued.find(({ message }) => /confirm/i.test(message.headers.get('Subject') ?? ''));
  return /\b([0-9a-f]{40})\b/.exec(asking?.message.headers.get('From') ?? '')?.[1] ?? '';
}

const preferences = async (email: string) =>
  (await bench().members()).find((one) => one.email === email)?.preferences;

describe('set', () => {
  it('does what follows the password, and shows it, in the words of Mailman 2.1', async () => {
    await withOldPassword('anne@example.org', 'teuxtoog');
    // Cases 259, 260 and 263 of the recorded traffic.
    expect(
      await ask(
        'set authenticate teuxtoog\nset ack on\nset myposts off\nset hide on\nset duplicates off\nset reminders off\nset show',
      ),
    ).toEqual([
      'ack option set',
      'myposts option set',
      'hide option set',
      'duplicates option set',
      'reminder option set',
      'Your current option settings:',
      '    ack on',
      '    digest off',
      '    delivery on',
      '    myposts off',
      '    hide on',
      '    duplicates off',
      '    reminders off',
    ]);
    const after = await ask('set authenticate teuxtoog\nset digest mime\nset delivery off\nset show');
    expect(after.slice(0, 2)).toEqual(['digest option set', 'delivery disabled by user']);
    expect(after).toContain('    digest mime');
    expect(after.join('\n')).toMatch(/ {4}delivery off \(by you on \w{3}, \d{2} \w{3} \d{4} /);
    expect(await preferences('anne@example.org')).toMatchObject({
      acknowledge_posts: true,
      delivery_mode: 'mime_digests',
      delivery_status: 'by_user',
      hide_address: true,
      receive_list_copy: false,
      receive_own_postings: false,
    });
    expect(await ask('set authenticate teuxtoog\nset delivery on')).toEqual(['delivery enabled']);
    expect((await bench().members())[0]?.legacy).toMatchObject({ options: 32 });
  });

  it('works for another address with its password', async () => {
    await withOldPassword('bart@example.net', 'secret');
    expect(await ask('set authenticate secret address=Bart@Example.net\nset ack on')).toEqual([
      'ack option set',
    ]);
    expect(await preferences('bart@example.net')).toMatchObject({ acknowledge_posts: true });
  });

  it('without a password is done when the member confirms it, all of a mail together', async () => {
    await bench().join('member', 'anne@example.org');
    const [line] = await ask('set delivery off\nset digest plain');
    expect(line).toBe(
      'Not authenticated; a confirmation email was sent to anne@example.org for: set delivery off, set digest plain',
    );
    expect(await preferences('anne@example.org')).toMatchObject({ delivery_status: null });
    const [asked] = bench().queued;
    expect(asked?.metadata.recipients).toEqual(['anne@example.org']);
    expect(partText(asked?.message.root ?? expect.fail())).toContain(
      '    set delivery off\n    set digest plain\n',
    );
    const known = token();
    bench().mails();
    await bench().send({ Subject: `Re: confirm ${known}` });
    expect(bench().resultLines()).toEqual(['Your options were changed']);
    expect(await preferences('anne@example.org')).toMatchObject({
      delivery_status: 'by_user',
      delivery_mode: 'plaintext_digests',
    });
    await bench().send({ Subject: `confirm ${known}` });
    expect(bench().resultLines()).toEqual(['Confirmation token did not match']);
  });

  it('asks one member three times at most', async () => {
    await bench().join('member', 'anne@example.org');
    for (let time = 0; time < 5; time += 1) await bench().send({ Subject: 'set ack on' });
    bench().results();
    expect(bench().queued).toHaveLength(3);
  });

  it('with a wrong password changes nothing', async () => {
    await withOldPassword('bart@example.net', 'secret');
    expect(await ask('set authenticate nope address=bart@example.net\nset ack on')).toEqual([
      'You did not give the correct password',
      'You are not a member of the Ant mailing list',
    ]);
    expect(await preferences('bart@example.net')).toMatchObject({ acknowledge_posts: null });
  });

  it('is no way to try many passwords in one mail', async () => {
    await withOldPassword('anne@example.org', 'third');
    const answers = await ask('set authenticate first\nset authenticate second\nset authenticate third');
    expect(answers).toEqual(Array.from({ length: 3 }, () => 'You did not give the correct password'));
  });

  it('explains itself, and what is wrong', async () => {
    await bench().join('member', 'anne@example.org');
    expect((await ask('set help'))[0]).toBe('set help');
    expect((await ask('set foo on'))[0]).toBe('Bad set command: foo');
    expect((await ask('set digest foo')).slice(0, 2)).toEqual([
      'Bad argument: foo',
      'Usage: set digest plain|mime|off',
    ]);
  });

  it('shows settings to nobody but the member', async () => {
    await bench().join('member', 'bart@example.net');
    for (const address of ['bart@example.net', 'nobody@example.net']) {
      await bench().send({ Subject: `set show address=${address}` }, 'echo buy this');
      const toOthers = bench().queued.filter(({ metadata }) => metadata.recipients?.[0] === address);
      expect(toOthers).toHaveLength(address.startsWith('bart') ? 1 : 0);
      for (const { message } of toOthers) expect(partText(message.root)).not.toContain('buy');
      const [answer = ''] = bench()
        .results()
        .filter((text) => !text.includes('ack off'));
      expect(answer).toContain(`If ${address} is a member, the settings were sent to that address`);
    }
  });

  it('refuses digests where there are none', async () => {
    await withOldPassword('anne@example.org', 'pw');
    await bench().set({ digests_enabled: false });
    expect(await ask('set authenticate pw\nset digest mime')).toEqual([
      'This list does not support digest subscriptions!',
    ]);
  });
});

describe('subscribe', () => {
  it('takes a password, digest and an address, and does not keep the password', async () => {
    // Case 274.
    await bench().send({ Subject: 'x' }, 'subscribe secretPw digest address=anne@example.org');
    expect(bench().resultLines()).toEqual([
      'Confirmation email sent to anne@example.org',
      'The password that you gave was not stored, and none is needed: requests by email are confirmed by answering an email.',
    ]);
    await bench().send({ Subject: `confirm ${token()}` });
    expect(await preferences('anne@example.org')).toMatchObject({ delivery_mode: 'plaintext_digests' });
    expect(await bench().database.connection('user').whereNotNull('password')).toEqual([]);
  });

  it('understands digest and nodigest alone', async () => {
    await bench().set({ mime_is_default_digest: true, digest_is_default: true });
    await bench().send({ Subject: 'subscribe nodigest' });
    await bench().send({ Subject: `confirm ${token()}` });
    expect(await preferences('anne@example.org')).toMatchObject({ delivery_mode: 'regular' });
    bench().mails();
    await bench().send({ From: 'bart@example.org', Subject: 'join digest' });
    await bench().send({ From: 'bart@example.org', Subject: `confirm ${token()}` });
    expect(await preferences('bart@example.org')).toMatchObject({ delivery_mode: 'mime_digests' });
  });

  it('refuses what Mailman 2.1 refuses', async () => {
    // Cases 276 and 315.
    expect(await ask('subscribe pw foo')).toEqual(['Bad digest specifier: foo']);
    await bench().set({ nondigestable: false });
    expect(await ask('subscribe pw nodigest')).toEqual(['This list only supports digest subscriptions!']);
    expect(await ask('subscribe pw digest more')).toEqual(['join bad argument: more']);
  });

  it('goes on to take the form of Mailman 3', async () => {
    await bench().send({ Subject: 'join digest=mime' });
    await bench().send({ Subject: `confirm ${token()}` });
    expect(await preferences('anne@example.org')).toMatchObject({ delivery_mode: 'mime_digests' });
  });
});

describe('unsubscribe', () => {
  it('with the password works at once, for another address too', async () => {
    await withOldPassword('anne@example.org', 'one');
    await withOldPassword('bart@example.net', 'two');
    expect(await ask('unsubscribe one')).toEqual(['anne@example.org left ant@example.com']);
    expect(await ask('remove two address=bart@example.net')).toEqual([
      'bart@example.net left ant@example.com',
    ]);
    expect(await bench().emails()).toEqual([]);
  });

  it('takes the password of the account', async () => {
    await bench().join('member', 'anne@example.org');
    await bench()
      .database.connection('user')
      .update({ password: await hashPassword('new one') });
    await bench()
      .database.connection('user')
      .update({ password: await hashPassword('newone') });
    expect(await ask('unsubscribe newone')).toEqual(['anne@example.org left ant@example.com']);
  });

  it('with a wrong password does nothing, and says the same of members and others', async () => {
    await withOldPassword('bart@example.net', 'two');
    const answers = await ask('unsubscribe nope address=bart@example.net');
    expect(answers[0]).toBe('You gave the wrong password');
    expect(await ask('unsubscribe nope address=nobody@example.net')).toEqual(answers);
    expect(await bench().emails()).toEqual(['bart@example.net']);
  });

  it('goes to the moderators where they decide', async () => {
    // Case 309.
    await withOldPassword('anne@example.org', 'one');
    await bench().set({ unsubscription_policy: 'confirm_then_moderate' });
    expect((await ask('unsubscribe one'))[0]).toContain('the moderators of ant@example.com decide');
    expect(await bench().emails()).toEqual(['anne@example.org']);
  });

  it('without a password asks to confirm', async () => {
    await bench().join('member', 'anne@example.org');
    expect((await ask('unsubscribe'))[0]).toContain('Confirmation email sent to anne@example.org');
  });
});

describe('who', () => {
  const HIDDEN = ['You are not authorized to see the membership list.'];

  it('shows the members to whom a password proves', async () => {
    await bench().set({ member_roster_visibility: 'members' });
    await withOldPassword('bart@example.net', 'two');
    const all = ['Members of the ant@example.com mailing list:', '    bart@example.net'];
    // Cases 250, 252 and 253.
    expect(await ask('who')).toEqual(HIDDEN);
    expect(await ask('who two address=bart@example.net')).toEqual(all);
    expect(await ask('who nope address=bart@example.net')).toEqual(HIDDEN);
    await bench().set({
      member_roster_visibility: 'moderators',
      admin_password: await hashPassword('plainpw'),
    });
    expect(await ask('who two address=bart@example.net')).toEqual(HIDDEN);
    expect(await ask('who plainpw')).toEqual(all);
    expect(await ask('who plainpw mode=digest')).toEqual(all.slice(0, 1));
  });
});

describe('password', () => {
  it('is changed with the old one', async () => {
    await withOldPassword('anne@example.org', 'axekdaef');
    expect(await ask('password wrong other')).toEqual([
      'You did not give the correct old password, so your password has not been changed.',
    ]);
    expect(await ask('password axekdaef neuesPw')).toEqual(['Password successfully changed.']);
    expect(await ask('unsubscribe axekdaef')).toContain('You gave the wrong password');
    expect(await ask('password neuesPw third')).toEqual(['Password successfully changed.']);
    expect(await ask('unsubscribe third')).toEqual(['anne@example.org left ant@example.com']);
  });

  it('of a list that Mailman 2 has in charge yet is another one there, which is said', async () => {
    await withOldPassword('anne@example.org', 'axekdaef');
    await bench().run(async ({ connection, clock }, { listId }) => {
      const noted = { mailman2Name: 'ant', mailman2Domain: 'localhost' };
      await insertCutover(connection, { listId, since: clock.now(), ...noted });
    });
    expect(await ask('password axekdaef neuesPw')).toEqual([
      'Password successfully changed.',
      'Mailman 2, which still has this list in charge, keeps the old password until the list has moved.',
    ]);
  });

  it('is never mailed', async () => {
    await withOldPassword('anne@example.org', 'axekdaef');
    await bench().send({ Subject: 'password' });
    expect(bench().queued[0]?.message.toBuffer().toString()).not.toContain('axekdaef');
    expect(bench().resultLines()[0]).toContain('Passwords are not sent by email.');
    expect(await ask('password', 'bart@example.net')).toEqual([
      'You are not a member of the Ant mailing list',
    ]);
  });
});

describe('info and lists', () => {
  it('tell the addresses, as in Mailman 2.1', async () => {
    // Case 237.
    await bench().set({ web_page_url: 'http://lists.example.com/mailman/' });
    expect(await ask('info')).toEqual([
      'List name:    Ant',
      'Description:  n/a',
      'Postings to:  ant@example.com',
      'List Helpbot: ant-request@example.com',
      'List Owners:  ant-owner@example.com',
      'More information: http://lists.example.com/mailman/listinfo/ant',
    ]);
    // The pages are for this machine only, unless somebody says otherwise.
    await bench().set({ web_page_url: '' });
    expect((await ask('info')).at(-1)).toBe('More information: n/a');
    await bench().set({ description: 'All about ants', advertised: false });
    expect(await ask('lists')).toEqual([
      'Public mailing lists at example.com:',
      '  1. List name:   Ant',
      '     Description: All about ants',
      '     Requests to: ant-request@example.com',
    ]);
  });
});

describe('the reading of Mailman 2.1', () => {
  it('is told with names set apart from what they do, however many a command has', async () => {
    const lines = (await ask('help')).map((line) => line.trim());
    const at = lines.indexOf('leave, unsubscribe, remove');
    expect(lines[at + 1]).toBe('Leave the list.');
  });

  it('passes over a Subject that is no command, and ends at a word that is none', async () => {
    await bench().send({ Subject: 'A question' }, 'echo one\nDo not leave us,\nAnne');
    const [answer = ''] = bench().results();
    expect(answer).toContain('- Results:\n    echo one\n');
    expect(answer).toContain('- Unprocessed:\n    Do not leave us,\n    Anne\n');
  });

  it('says that nothing was understood', async () => {
    await bench().send({ Subject: 'frobnicate' });
    expect(bench().resultLines()).toEqual(['No such command: frobnicate']);
    expect(await ask('frobnicate now\nhelp')).toEqual(['No such command: frobnicate']);
  });

  it('quotes what was read, without passwords', async () => {
    await withOldPassword('anne@example.org', 'teuxtoog');
    await bench().send({ Subject: 'who teuxtoog' }, 'set authenticate teuxtoog\nend\nthis is teuxtoog, too');
    const [answer] = bench().queued;
    const text = answer?.message.toBuffer().toString() ?? '';
    expect(text).toContain('message/rfc822');
    expect(text).toContain('set authenticate ********');
    expect(text).toContain('Subject: who ********');
    expect(text).not.toMatch(/teuxtoog(?!,)/);
  });
});

describe('set authenticate with the password of the list', () => {
  it('lets administrators change options, not passwords', async () => {
    await withOldPassword('anne@example.org', 'teuxtoog');
    await bench().run(async ({ connection }, list) => {
      await updateSettings(connection, list, { admin_password: await hashPassword('of the list') });
    });
    const asked = 'set authenticate of-the-list address=anne@example.org';
    expect(await ask(asked, 'boss@example.org')).toEqual(['You did not give the correct password']);
    await bench().run(async ({ connection }, list) => {
      await updateSettings(connection, list, { admin_password: await hashPassword('of-the-list') });
    });
    expect(await ask(`${asked}\nset ack on`, 'boss@example.org')).toEqual(['ack option set']);
    expect(await preferences('anne@example.org')).toMatchObject({ acknowledge_posts: true });
    const change = 'password of-the-list mine address=anne@example.org';
    expect(await ask(change, 'boss@example.org')).not.toContain('Password successfully changed.');
    expect((await bench().members()).find(({ email }) => email === 'anne@example.org')?.legacy).toMatchObject(
      {
        password: 'teuxtoog',
      },
    );
  });
});
