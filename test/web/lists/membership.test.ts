import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findMembers, updateMember } from '../../../src/database/members.ts';
import { unsubscribeRequest } from '../../../src/membership/workflow/unsubscription.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import { Client, forgetMails, mailsTo } from '../client.ts';
import { makeSite, type Site } from '../site.ts';

let site: Site;
let list: MailingList;
let client: Client;

const ANT = '/lists/ant@example.com/';
const TOKEN_LINK = /https:\/\/lists\.example\.com(\/lists\/ant@example\.com\/confirm\/[0-9a-f]{40}\/)/;

beforeAll(async () => {
  site = await makeSite({ base_url: 'https://lists.example.com/' });
  list = await site.makeList('ant@example.com', {
    display_name: 'Ants',
    description: 'All about ants',
    info: 'Everything <b>ants</b> do.<script>alert(1)</script>\n\nBe kind: https://ants.example/rules.',
    subscription_policy: 'confirm',
    topics_enabled: true,
    topics: [
      { name: 'food', patterns: 'food', description: 'What ants eat' },
      { name: 'war', patterns: 'war', description: '' },
    ],
  });
  await site.join(list, 'queen@people.example', 'honey honey');
});
afterAll(() => site.close());
beforeEach(async () => {
  client = new Client(site);
  await forgetMails(site);
});

const member = async (email: string) =>
  (await findMembers(site.services.database.connection, list.listId, 'member', [email])).get(email);

const confirmPath = async (email: string): Promise<string> =>
  TOKEN_LINK.exec((await mailsTo(site, email))[0]?.text ?? '')?.[1] ?? '';

describe('the page of a list', () => {
  test('tells what the list is about, runs nothing of it, and is found in any case', async () => {
    const { statusCode, body } = await client.open('/lists/ANT@Example.com/');
    expect(statusCode).toBe(200);
    expect(body).toContain('All about ants');
    expect(body).toContain('<a href="https://ants.example/rules"');
    expect(body).not.toContain('<script');
    expect(body).not.toContain('<b>');
  });

  test('of a list that is none is not found', async () => {
    expect((await client.open('/lists/none@example.com/')).statusCode).toBe(404);
  });
});

test('the whole way: join, confirm, options, another address, leave', async () => {
  const asked = await client.submit(ANT, `${ANT}subscribe/`, {
    email: 'Worker@People.example',
    name: 'Wanda Worker',
    mode: 'mime_digests',
    language: 'de',
  });
  expect(asked.statusCode).toBe(200);
  expect(await member('worker@people.example')).toBeUndefined();
  const path = await confirmPath('worker@people.example');
  expect((await mailsTo(site, 'worker@people.example'))[0]?.text).toContain('die Schaltfläche');

  // Looking changes nothing.
  const looked = await client.request('GET', path);
  expect(looked.body).toContain('Worker@People.example wants to join Ants.');
  expect(looked.headers['referrer-policy']).toBe('no-referrer');
  expect(await member('worker@people.example')).toBeUndefined();
  const confirmed = await client.submit(path, path, {});
  expect(confirmed.body).toContain('is a member of Ants now');
  expect(await member('worker@people.example')).toMatchObject({
    originalEmail: 'Worker@People.example',
    displayName: 'Wanda Worker',
    preferences: { delivery_mode: 'mime_digests', preferred_language: 'de' },
  });
  expect((await client.request('GET', path)).statusCode).toBe(404);

  // Signing in by a link leads to the options.
  await forgetMails(site);
  await client.submit(`${ANT}options/`, '/accounts/link/', { email: 'worker@people.example' });
  const link =
    /(\/accounts\/link\/[\w-]+\/)/.exec((await mailsTo(site, 'worker@people.example'))[0]?.text ?? '')?.[1] ??
    '';
  const signedIn = await client.submit(link, link, {});
  expect(signedIn.headers.location).toBe(`${ANT}options/`);
  const page = await client.open(`${ANT}options/`);
  expect(page.body).toContain('Worker@People.example');
  const saved = await client.submit(`${ANT}options/`, `${ANT}options/`, {
    delivery: 'off',
    mode: 'regular',
    acknowledge_posts: '1',
    topic: ['war', 'nothing'],
    unmatched: '1',
    name: 'W.',
    language: 'fr',
  });
  expect(saved.statusCode).toBe(303);
  expect(await member('worker@people.example')).toMatchObject({
    displayName: 'W.',
    topics: ['war'],
    receiveUnmatchedTopics: true,
    preferences: {
      delivery_status: 'by_user',
      delivery_mode: 'regular',
      acknowledge_posts: true,
      receive_own_postings: false,
      receive_list_copy: false,
      hide_address: null,
      preferred_language: 'fr',
    },
  });

  // Another address confirms for itself.
  await client.submit(`${ANT}options/`, `${ANT}options/address/`, { address: 'new@people.example' });
  const change = await confirmPath('new@people.example');
  expect(await member('new@people.example')).toBeUndefined();
  await new Client(site).submit(change, change, {});
  expect(await member('worker@people.example')).toBeUndefined();
  expect((await member('new@people.example'))?.displayName).toBe('W.');

  const left = await client.submit(`${ANT}options/`, `${ANT}options/leave/`, { sure: '1' });
  expect(left.statusCode).toBe(200);
  expect(await member('new@people.example')).toBeUndefined();
});

describe('strangers', () => {
  test('learn the same about members and others, and mail goes to whom it is due', async () => {
    const answers: string[] = [];
    for (const email of ['queen@people.example', 'nobody@people.example']) {
      const one = new Client(site);
      const joined = await one.submit(ANT, `${ANT}subscribe/`, { email });
      const left = await one.submit(`${ANT}options/`, `${ANT}leave/`, { email });
      const door = await one.open(`${ANT}options/?email=${email}`);
      answers.push(
        [joined, left, door]
          .map(({ statusCode, body }) => `${statusCode}${body}`)
          .join('\n')
          .replaceAll(email, 'EMAIL')
          .replace(/value="[\w-]{43}"/g, 'TOKEN'),
      );
    }
    expect(answers[0]).toBe(answers[1]);
    const [toQueen, toNobody] = await Promise.all(
      ['queen@people.example', 'nobody@people.example'].map((email) => mailsTo(site, email)),
    );
    expect(toQueen).toHaveLength(1);
    expect(toQueen?.[0]?.text).toMatch(TOKEN_LINK);
    expect(toNobody).toHaveLength(1);
  });

  test('flood nobody: three mails an hour for an address, and the page looks the same', async () => {
    const bodies = new Set<string>();
    for (let time = 0; time < 6; time += 1) {
      const { statusCode, body } = await new Client(site).submit(ANT, `${ANT}subscribe/`, {
        email: 'victim@people.example',
      });
      bodies.add(`${statusCode}${body}`);
    }
    expect(bodies.size).toBe(1);
    expect(await mailsTo(site, 'victim@people.example')).toHaveLength(3);
  });

  test('from one network are refused after twenty mails', async () => {
    const statuses: number[] = [];
    for (let time = 0; time < 21; time += 1) {
      const email = `crowd${time}@people.example`;
      statuses.push((await client.submit(ANT, `${ANT}subscribe/`, { email })).statusCode);
    }
    expect(statuses.slice(0, 20).every((status) => status === 200)).toBe(true);
    expect(statuses[20]).toBe(429);
  });

  test('leave by a mail', async () => {
    await site.join(list, 'tired@people.example');
    await client.submit(`${ANT}options/`, `${ANT}leave/`, { email: 'Tired@people.example' });
    const path = await confirmPath('tired@people.example');
    const done = await client.submit(path, path, {});
    expect(done.body).toContain('is no member of Ants any more');
    expect(await member('tired@people.example')).toBeUndefined();
  });

  test('are told of an address that is none, and nothing they typed gets out of its place', async () => {
    const { statusCode, body } = await client.submit(ANT, `${ANT}subscribe/`, {
      email: '"><script>alert(1)</script>',
      name: '"><img src=x>',
    });
    expect(statusCode).toBe(400);
    expect(body).toContain('This is not a valid e-mail address.');
    expect(body).not.toMatch(/<script|<img/);
  });

  test('act on no membership of others, whatever the form says', async () => {
    await site.join(list, 'mallory@people.example', 'mallory mallory');
    await client.signIn('mallory@people.example', 'mallory mallory');
    for (const rest of ['options/', 'options/leave/', 'options/address/']) {
      const answer = await client.submit(`${ANT}options/`, `${ANT}${rest}`, {
        member: 'queen@people.example',
        sure: '1',
        delivery: 'off',
        address: 'evil@people.example',
      });
      expect(answer.statusCode).toBe(403);
    }
    expect((await member('queen@people.example'))?.preferences.delivery_status).toBe(null);
  });
});

test('a request can be dropped, and its token is used up', async () => {
  await client.submit(ANT, `${ANT}subscribe/`, { email: 'unsure@people.example' });
  const path = await confirmPath('unsure@people.example');
  expect((await client.submit(path, path, { cancel: '1' })).body).toContain('Cancelled');
  expect((await client.request('GET', path)).statusCode).toBe(404);
});

test('a token of another list, or one that waits for a moderator, is none', async () => {
  const bee = await site.makeList('bee@example.com', { unsubscription_policy: 'moderate' });
  await site.join(bee, 'drone@people.example');
  const result = await runStep(site.services, (step) =>
    unsubscribeRequest(step, bee, 'drone@people.example'),
  );
  const token = result.outcome === 'pending' ? result.token : '';
  expect((await client.open(`/lists/bee@example.com/confirm/${token}/`)).statusCode).toBe(404);
  await client.submit(ANT, `${ANT}subscribe/`, { email: 'elsewhere@people.example' });
  const path = await confirmPath('elsewhere@people.example');
  expect((await client.open(path.replace('ant@', 'bee@'))).statusCode).toBe(404);
});

test('nothing of a token or an address typed stands in the log', async () => {
  await client.submit(ANT, `${ANT}subscribe/`, { email: 'logged@people.example' });
  const path = await confirmPath('logged@people.example');
  site.services.logged.length = 0;
  await client.request('GET', path);
  await client.open(
    `/mailman${path.replace('/lists/ant@example.com', '').replace('confirm/', 'confirm/ant/')}`,
  );
  await client.open(`/mailman/confirm/ant?cookie=${path.split('/').at(-2)}`);
  const lines = site.services.logged.filter(({ logger }) => logger === 'http').map(({ line }) => line);
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join('\n')).not.toMatch(/[0-9a-f]{40}/);
});

describe('a password', () => {
  test('is chosen, and takes the place of the one of Mailman 2.1', async () => {
    await site.join(list, 'elder@people.example');
    const old = await member('elder@people.example');
    const { connection } = site.services.database;
    if (old) await updateMember(connection, { ...old, legacy: { options: 0, password: 'oldword' } });
    expect((await client.signIn('elder@people.example', 'oldword')).statusCode).toBe(303);
    const wrong = await client.submit('/accounts/password/', '/accounts/password/', {
      new: 'short',
      again: 'short',
    });
    expect(wrong.statusCode).toBe(400);
    const done = await client.submit('/accounts/password/', '/accounts/password/', {
      new: 'a much longer one',
      again: 'a much longer one',
    });
    expect(done.statusCode).toBe(303);
    expect((await member('elder@people.example'))?.legacy?.password).toBeUndefined();
    expect((await client.open('/accounts/')).body).toContain('elder@people.example');
    expect((await new Client(site).signIn('elder@people.example', 'a much longer one')).statusCode).toBe(303);
    expect((await new Client(site).signIn('elder@people.example', 'oldword')).statusCode).toBe(403);
  });
});

describe('the members', () => {
  test('are shown to those whom the list lets see them', async () => {
    const makeRoster = async (name: string, visibility: 'public' | 'members' | 'moderators') => {
      const one = await site.makeList(`${name}@example.com`, { member_roster_visibility: visibility });
      await site.join(one, `in-${name}@people.example`, 'let me in');
      return `/lists/${name}@example.com/members/`;
    };
    const open = await makeRoster('open', 'public');
    const closed = await makeRoster('closed', 'members');
    const secret = await makeRoster('secret', 'moderators');
    expect((await client.open(open)).body).toContain('in-open(a)people.example');
    expect((await client.request('GET', closed)).statusCode).toBe(303);
    await client.signIn('in-closed@people.example', 'let me in');
    expect((await client.open(closed)).body).toContain('in-closed@people.example');
    expect((await client.open(secret)).statusCode).toBe(403);
  });
});
