import { afterAll, beforeAll, expect, test } from 'vitest';
import { hashPassword } from '../../src/membership/passwords.ts';
import { PEOPLE } from '../peers/mail-server.ts';
import { missingPostfix, startPostfix } from '../peers/postfix.ts';
import { type SmtpSink, startSmtpSink } from '../support/smtp-sink.ts';
import { describeWhere } from '../support/where-available.ts';
import { expectedPost } from './expected.ts';
import type { Letter } from './letter.ts';
import { FOOTER, joinByMail, type ListPeople, leaveByMail, prepareList } from './list-life.ts';
import type { Person } from './person.ts';
import { relayDomain } from './postfix-ways.ts';
import { Site } from './site.ts';

const LIST = 'ant@lists.example.com';
const PASSWORD = 'moderators only';

describeWhere(missingPostfix(), 'the life of a list behind Postfix', () => {
  let site: Site;
  let faraway: SmtpSink;
  let anne: Person;
  let bart: Person;
  let cris: Person;
  let jurgen: Person;
  let owen: Person;
  let nora: Person;
  let people: ListPeople;
  let first: Letter;

  beforeAll(async () => {
    faraway = await startSmtpSink({ onRecipient: (recipient) => `550 5.1.1 <${recipient}> has moved` });
    site = await Site.start({
      startMailServer: startPostfix,
      configure: (...given) => {
        const { mailmanCfg, configuration } = relayDomain.configure(...given);
        return { configuration, mailmanCfg: `${mailmanCfg}\n[runner.bounces]\nsleep_time: 1s\n` };
      },
      people: { anne: 'Anne Person', bart: '', cris: '', jürgen: '', owen: '', nora: '' },
      routes: { 'faraway.example': faraway.port },
      prepare: async (made) => {
        prepareList(made, LIST, ['bart']);
        made.addMembers(LIST, 'regular', `Jürgen Müller <jürgen@${PEOPLE}>`);
        made.addMembers(LIST, 'mime', `cris@${PEOPLE}`);
        await made.change(LIST, { moderator_password: await hashPassword(PASSWORD) });
      },
    });
    [anne, bart, cris] = [site.person('anne'), site.person('bart'), site.person('cris')];
    [jurgen, owen, nora] = [site.person('jürgen'), site.person('owen'), site.person('nora')];
    people = { list: LIST, newcomer: anne, members: [bart, jurgen] };
  });

  afterAll(async () => {
    await site?.stop();
    await faraway?.stop();
  });

  /** Nobody has a mail that was not looked at. */
  async function nothingElse(): Promise<void> {
    await site.settled();
    for (const person of [anne, bart, cris, jurgen, owen, nora]) {
      expect([person.address, ...person.unread()]).toEqual([person.address]);
    }
  }

  /** A copy for each of some people. */
  function copies(receivers: readonly Person[], subject: string): Promise<Letter[]> {
    return Promise.all(receivers.map((person) => person.next(subject)));
  }

  function scores(): Record<string, unknown> {
    const rows = site.query(
      "SELECT email, bounce_score FROM member WHERE role = 'member' AND bounce_score > 0",
    );
    return Object.fromEntries(rows.map(({ email, bounce_score }) => [String(email), bounce_score]));
  }

  test('somebody joins', () => joinByMail(site, people));

  test('a post reaches those who want each post, also at an international address', async () => {
    await anne.write({ to: LIST, subject: 'a walk', text: 'Do you come along?\n' });
    const found = await copies([anne, bart, jurgen], 'a walk');
    first = found[1] ?? (found[0] as Letter);
    expect(new Set(found.map(({ text }) => text)).size).toBe(1);
    await nothingElse();
  });

  test('an answer to the list belongs to the thread, byte for byte', async () => {
    const text = 'I do.\n\n> Do you come along?\n';
    const messageId = await bart.reply(first, text, { to: LIST });
    const parent = first.header('Message-ID');
    const expected = expectedPost(
      LIST,
      {
        from: bart.address,
        sender: bart.address,
        to: LIST,
        subject: '[Ant] Re: a walk',
        messageId,
        fields: `In-Reply-To: ${parent}\nReferences: ${parent}\n`,
        text,
      },
      FOOTER,
    );
    for (const letter of await copies([anne, bart, jurgen], 'Re: a walk')) {
      expect(letter.text).toBe(expected);
    }
    await nothingElse();
  });

  test('a digest holds both', async () => {
    site.mailman('digests', '--send', '-l', LIST);
    const digest = await cris.next('Ant Digest, Vol 1, Issue 1');
    expect(digest.header('Content-Type')).toMatch(/^multipart\/mixed/);
    expect(digest.body).toContain('\nDo you come along?\n');
    expect(digest.body).toContain('\nI do.\n');
    await nothingElse();
  });

  /** Somebody else writes; the notices say that the post waits. @returns the mail that decides about it */
  async function hold(subject: string): Promise<string> {
    await nora.write({ to: LIST, subject, text: 'May I?\n' });
    await nora.next('awaits moderator approval');
    const notice = await owen.next(`post from ${nora.address} requires approval`);
    expect(notice.body).toContain('The message is not from a list member');
    expect(notice.body).toContain(`Subject: ${subject}`);
    await nothingElse();
    return /^Subject: (confirm [0-9a-f]{40})$/m.exec(notice.body)?.[1] ?? '';
  }

  test('a post of somebody else waits until an owner answers with the password', async () => {
    const decision = await hold('a question');
    const answer = { to: 'ant-request@lists.example.com', subject: `Re: ${decision}` };
    await owen.write({ ...answer, text: `Approved: ${PASSWORD}\n` });
    const found = await copies([anne, bart, jurgen], 'a question');
    for (const letter of found) {
      expect(letter.subject).toBe('[Ant] a question');
      expect(letter.header('X-Mailman-Approved-At')).not.toBe('');
      expect(letter.text).not.toContain(PASSWORD);
    }
    await owen.next();
    await nothingElse();
  });

  test('or it is discarded by a plain answer', async () => {
    const decision = await hold('an advertisement');
    await owen.write({ to: 'ant-request@lists.example.com', subject: `Re: ${decision}` });
    await owen.next();
    await nothingElse();
    expect(site.query('SELECT * FROM held_message')).toEqual([]);
  });

  test('mailboxes that refuse mail count, at the door and further on', async () => {
    site.addMembers(LIST, 'regular', `gone@${PEOPLE}`, 'gone@faraway.example');
    await anne.write({ to: LIST, subject: 'a roll call' });
    await copies([anne, bart, jurgen], 'a roll call');
    await expect
      .poll(scores, { timeout: 30_000 })
      .toEqual({ [`gone@${PEOPLE}`]: 1, 'gone@faraway.example': 1 });
    await nothingElse();
  });

  test('with VERP each copy has an envelope sender of its own, and bounces name who it was', async () => {
    site.configure('[mta]\nverp_delivery_interval: 1\nverp_personalized_deliveries: yes');
    await site.restart();
    site.addMembers(LIST, 'regular', 'moved@faraway.example');
    await anne.write({ to: LIST, subject: 'one by one' });
    for (const person of [anne, bart, jurgen]) {
      const letter = await person.next('one by one');
      expect(letter.returnPath).toBe(`ant-bounces+${person.address.replace('@', '=')}@lists.example.com`);
      expect(letter.text).toContain(FOOTER);
    }
    await expect.poll(scores, { timeout: 30_000 }).toMatchObject({ 'moved@faraway.example': 1 });
    await nothingElse();
  });

  test('a personal copy is for one person', async () => {
    await site.change(LIST, { personalize: 'individual' });
    site.writeTemplate('site/en/list:member:regular:footer.txt', '-- \nFor $user_name_or_address\n');
    await anne.write({ to: LIST, subject: 'for you' });
    const names = new Map([
      [anne, anne.address],
      [bart, bart.address],
    ]);
    for (const [person, name] of names) {
      expect((await person.next('for you')).body).toMatch(new RegExp(`\n-- \nFor (Anne Person|${name})\n$`));
    }
    const letter = await jurgen.next('for you');
    expect(letter.header('Content-Type')).toContain('utf-8');
    await nothingElse();
    await site.change(LIST, { personalize: 'none' });
    site.writeTemplate('site/en/list:member:regular:footer.txt', FOOTER);
  });

  test('a list that is made while Postfix runs gets mail', async () => {
    site.mailman('create', 'bee@lists.example.com');
    site.addMembers('bee@lists.example.com', 'regular', bart.address);
    await expect
      .poll(() => bart.write({ to: 'bee@lists.example.com', subject: 'new' }).then(() => 'taken', String), {
        timeout: 30_000,
        interval: 500,
      })
      .toBe('taken');
    await bart.next('[Bee] new');
    await nothingElse();
  });

  test('somebody leaves, and gets no more', async () => {
    await leaveByMail(site, people);
    await nothingElse();
  });

  test('the server stops when it is told to', async () => {
    site.mailman('stop');
    expect(await site.stopMaster()).toBe(0);
  });
});
