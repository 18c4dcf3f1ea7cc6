import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { heldRequestIds, insertHeldMessage } from '../../../src/database/held-messages.ts';
import { updateSettings } from '../../../src/database/lists.ts';
import { findMembers } from '../../../src/database/members.ts';
import { putSitePassword, sitePassword } from '../../../src/database/site-passwords.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { subscribeRequest } from '../../../src/membership/workflow/subscription.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import { Client, forgetMails, mailsTo } from '../client.ts';
import { makeSite, type Site } from '../site.ts';

let site: Site;
let list: MailingList;
let client: Client;
const PAGE = '/lists/ant@example.com/moderation/';
const OWNER = 'owner@people.example';

beforeAll(async () => {
  site = await makeSite({ base_url: 'https://lists.example.com/' });
  list = await site.makeList('ant@example.com', {
    display_name: 'Ants',
    subscription_policy: 'moderate',
    unsubscription_policy: 'moderate',
  });
  await site.join(list, 'anybody@people.example', 'any any any');
  await site.join(await site.makeList('other@example.com'), OWNER, 'owner owner');
  await site.services.database.transaction((connection) =>
    subscribe(connection, list, [{ address: OWNER, displayName: '' }], { role: 'owner', verified: true }),
  );
});
afterAll(() => site.close());
beforeEach(async () => {
  client = new Client(site);
  await client.signIn(OWNER, 'owner owner');
  await forgetMails(site);
  await site.services.database.connection('held_message').delete();
});

const hold = (subject: string, body = 'Hello\n') =>
  insertHeldMessage(site.services.database.connection, {
    listId: list.listId,
    messageId: `<${subject.length}@people.example>`,
    sender: 'poster@people.example',
    subject,
    reasons: ['The message is not from a list member'],
    heldAt: site.services.clock.now(),
    metadata: { listid: list.listId },
    content: Buffer.from(
      `From: Poster <poster@people.example>\nSubject: ${subject}\nContent-Type: text/html\n\n${body}`,
    ),
  });
const waiting = () => heldRequestIds(site.services.database.connection, list.listId);
const queued = async (queue: string): Promise<number> =>
  (await site.services.database.connection('queue_entry').where('queue', queue)).length;

describe('held posts', () => {
  test('are for those who run the list only', async () => {
    const stranger = new Client(site);
    expect((await stranger.request('GET', PAGE)).statusCode).toBe(303);
    await stranger.signIn('anybody@people.example', 'any any any');
    const id = await hold('Private words');
    for (const path of [PAGE, `${PAGE}post/${id}/`, `${PAGE}post/${id}/raw/`]) {
      const { statusCode, body } = await stranger.request('GET', path);
      expect(statusCode).toBe(403);
      expect(body).not.toContain('Private words');
    }
  });

  test('are decided several at once; one that is gone is told', async () => {
    const ids = [await hold('One'), await hold('Two'), await hold('Three')];
    const { body } = await client.open(PAGE);
    expect(body).toContain('One');
    expect(body).toContain('The message is not from a list member');
    const done = await client.submit(PAGE, PAGE, {
      post: [String(ids[0]), String(ids[1]), '999999'],
      decision: 'accept',
    });
    expect(done.headers.location).toBe(`${PAGE}?done=2&gone=1`);
    expect((await client.open(String(done.headers.location))).body).toContain('2 decided.');
    expect(await waiting()).toEqual([ids[2]]);
    expect(await queued('pipeline')).toBe(2);
  });

  test('are refused with a reason, and copies are kept and forwarded', async () => {
    const id = await hold('Rude');
    const path = `${PAGE}post/${id}/`;
    const fields = {
      decision: 'reject',
      reason: 'Be <kind>!',
      preserve: '1',
      forward: 'friend@people.example',
    };
    expect((await client.submit(path, path, fields)).statusCode).toBe(303);
    expect(await waiting()).toEqual([]);
    expect((await mailsTo(site, 'poster@people.example'))[0]?.text).toContain('Be <kind>!');
    expect(await mailsTo(site, 'friend@people.example')).toHaveLength(1);
    expect(await queued('bad')).toBe(1);
  });

  test('settle what becomes of further posts of their sender', async () => {
    const id = await hold('Friendly');
    const path = `${PAGE}post/${id}/`;
    await client.submit(path, path, { decision: 'accept', future: 'accept' });
    const { connection } = site.services.database;
    const actionOf = async (email: string, role: 'member' | 'nonmember') =>
      (await findMembers(connection, list.listId, role, [email])).get(email)?.moderationAction;
    expect(await actionOf('poster@people.example', 'nonmember')).toBe('accept');
    await site.join(list, 'poster@people.example');
    const again = `${PAGE}post/${await hold('Again')}/`;
    await client.submit(again, again, { decision: 'discard', future: 'discard' });
    expect(await actionOf('poster@people.example', 'member')).toBe('discard');
  });

  test('wait on when they are deferred', async () => {
    const id = await hold('Later');
    await client.submit(`${PAGE}post/${id}/`, `${PAGE}post/${id}/`, { decision: 'defer' });
    expect(await waiting()).toEqual([id]);
  });

  test('are shown without anything that could act', async () => {
    const id = await hold(
      'Trap',
      '<script>alert(1)</script><img src="https://evil.example/x.png"><b>Hi</b>\n',
    );
    const { body } = await client.open(`${PAGE}post/${id}/`);
    expect(body).toContain('Hi');
    expect(body).not.toMatch(/<script|evil\.example\/x\.png"/);
    const raw = await client.open(`${PAGE}post/${id}/raw/`);
    expect(raw.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(raw.headers['content-security-policy']).toContain('sandbox');
  });
});

test('people who want to join are accepted or refused', async () => {
  for (const name of ['good', 'bad']) {
    await runStep(site.services, (step) =>
      subscribeRequest(
        step,
        list,
        { mailbox: { address: `${name}@people.example`, displayName: name } },
        { preVerified: true, preConfirmed: true },
      ),
    );
  }
  const tokenOf = async (email: string) => {
    const { body } = await client.open(PAGE);
    const place = body.indexOf(email);
    return [...body.slice(0, place).matchAll(/name="request" value="([0-9a-f]{40})"/g)].at(-1)?.[1] ?? '';
  };
  await forgetMails(site);
  const action = `${PAGE}requests/`;
  await client.submit(PAGE, action, { request: await tokenOf('good@people.example'), decision: 'accept' });
  await client.submit(PAGE, action, {
    request: await tokenOf('bad@people.example'),
    decision: 'reject',
    reason: 'Full',
  });
  const { connection } = site.services.database;
  const members = await findMembers(connection, list.listId, 'member', [
    'good@people.example',
    'bad@people.example',
  ]);
  expect([...members.keys()]).toEqual(['good@people.example']);
  expect((await mailsTo(site, 'bad@people.example')).some(({ text }) => text.includes('Full'))).toBe(true);
});

describe('the password of a list in Mailman 2.1', () => {
  const roleOf = async (email: string, role: 'owner' | 'moderator') =>
    (await findMembers(site.services.database.connection, list.listId, role, [email])).has(email);

  test('makes whoever knows it an owner, once, after signing in', async () => {
    const { connection } = site.services.database;
    const stored = createHash('sha1').update('old admin').digest('hex');
    list = await updateSettings(connection, list, { admin_password: `mailman21:sha1:${stored}` });
    const one = new Client(site);
    await one.signIn('anybody@people.example', 'any any any');
    const action = `${PAGE}password/`;
    const wrong = await one.submit(PAGE, action, { password: 'guess' });
    expect([wrong.statusCode, wrong.body.includes('This is not the password of the list.')]).toEqual([
      403,
      true,
    ]);
    expect(await roleOf('anybody@people.example', 'owner')).toBe(false);
    site.services.logged.length = 0;
    expect((await one.submit(PAGE, action, { password: 'old admin' })).statusCode).toBe(303);
    expect(await roleOf('anybody@people.example', 'owner')).toBe(true);
    expect((await one.open(PAGE)).statusCode).toBe(200);
    expect(site.services.logged.map(({ line }) => line).join('\n')).not.toContain('old admin');
  });

  test('is also that of the site, for each list, stored by a modern hash from then on', async () => {
    const { connection } = site.services.database;
    const stored = createHash('sha1').update('open sesame').digest('hex');
    await putSitePassword(connection, 'admin', `mailman21:sha1:${stored}`);
    await site.join(list, 'keeper@people.example', 'keep keep');
    const one = new Client(site);
    await one.signIn('keeper@people.example', 'keep keep');
    expect((await one.submit(PAGE, `${PAGE}password/`, { password: 'open sesame' })).statusCode).toBe(303);
    expect(await roleOf('keeper@people.example', 'owner')).toBe(true);
    expect(await sitePassword(connection, 'admin')).toMatch(/^\$argon2id\$/);
  });

  test('is guessed by nobody', async () => {
    await site.join(list, 'guesser@people.example', 'guess guess');
    const statuses: number[] = [];
    for (let time = 0; time < 12; time += 1) {
      const one = new Client(site);
      await one.signIn('guesser@people.example', 'guess guess');
      statuses.push((await one.submit(PAGE, `${PAGE}password/`, { password: `guess ${time}` })).statusCode);
    }
    expect(statuses.at(-1)).toBe(429);
  });
});
