import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findAddress } from '../../src/database/addresses.ts';
import { findMembers, updateMember } from '../../src/database/members.ts';
import { findUser, updateUser } from '../../src/database/users.ts';
import { Message } from '../../src/message/message.ts';
import { partText } from '../../src/message/text.ts';
import type { MailingList } from '../../src/model/mailing-list.ts';
import { unseenDone } from '../../src/web/unseen.ts';
import { mail, makeSite, type Site } from './site.ts';

let site: Site;
let list: MailingList;

const PRIVATE = '/archives/list/bee@example.com/';

beforeAll(async () => {
  site = await makeSite({ base_url: 'https://lists.example.com/' });
  list = await site.makeList('bee@example.com', { archive_policy: 'private' });
  await site.post(list, mail('one', { subject: 'Secret plans' }));
  await site.join(list, 'queen@people.example', 'honey honey');
  await site.join(list, 'drone@people.example');
});

afterAll(() => site.close());

/** A browser: keeps cookies, fills in forms. */
class Client {
  readonly cookies = new Map<string, string>();
  #address = 0;
  static #count = 0;

  constructor() {
    Client.#count += 1;
    this.#address = Client.#count;
  }

  async request(method: 'GET' | 'POST', url: string, fields?: Record<string, string>) {
    const answer = await site.app.inject({
      method,
      url,
      remoteAddress: `192.0.2.${this.#address}`,
      headers: {
        cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      },
      ...(fields ? { payload: new URLSearchParams(fields).toString() } : {}),
    });
    for (const { name, value } of answer.cookies as { name: string; value: string }[]) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return answer;
  }

  /** Opens a page with a form and sends it. */
  async submit(page: string, action: string, fields: Record<string, string>) {
    const { body } = await this.request('GET', page);
    const form = body.slice(body.indexOf(`action="${action}"`));
    const hidden = [
      ...form.slice(0, form.indexOf('</form>')).matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g),
    ];
    const known = Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value]));
    return this.request('POST', action, { ...known, ...fields });
  }

  signIn(email: string, password: string) {
    return this.submit('/accounts/login/', '/accounts/login/', { email, password });
  }
}

let client: Client;
beforeEach(() => {
  client = new Client();
});

/** How many mails wait for delivery. */
const queued = async (): Promise<number> =>
  (await site.services.database.connection('queue_entry').where('queue', 'out')).length;

describe('a private archive', () => {
  test('sends strangers to the sign-in page and back', async () => {
    const answer = await client.request('GET', `${PRIVATE}latest/`);
    expect(answer.statusCode).toBe(303);
    expect(answer.headers.location).toBe(`/accounts/login/?next=${encodeURIComponent(`${PRIVATE}latest/`)}`);
    const done = await client.submit(String(answer.headers.location), '/accounts/login/', {
      email: 'Queen@People.example',
      password: 'honey honey',
    });
    expect(done.headers.location).toBe(`${PRIVATE}latest/`);
    const page = await client.request('GET', `${PRIVATE}latest/`);
    expect(page.body).toContain('Secret plans');
    expect(page.headers['cache-control']).toBe('private, no-store');
    expect(page.body).toContain('<meta name="robots" content="noindex');
  });

  test.each([
    ...['', 'latest/', 'months/', '2024/03/', 'feed/', 'search/?q=plans', 'export/bee.mbox.gz', 'author/1/'],
    ...['message/HASH/', 'message/HASH/raw/', 'message/HASH/headers/', 'message/HASH/html/', 'thread/HASH/'],
  ])('shows nobody else %s', async (rest) => {
    const { id = 0 } = (await site.archive.list(list.listId)) ?? {};
    const [message] = (await site.archive.messages({ lists: [id] }, { limit: 1 })).items;
    const url = PRIVATE + rest.replace('HASH', message?.hash ?? '');
    const answer = await client.request('GET', url);
    expect(answer.statusCode).toBe(303);
    expect(answer.body).not.toContain('plans');
    const other = await site.makeList(`other${Math.random().toString(36).slice(2)}@example.com`);
    const email = `${other.listName}@people.example`;
    await site.join(other, email, 'secret words');
    await client.signIn(email, 'secret words');
    expect((await client.request('GET', url)).statusCode).toBe(403);
  });

  test('is not found by a search of strangers', async () => {
    expect((await client.request('GET', '/archives/search/?q=plans')).body).not.toContain('Secret');
    expect((await client.request('GET', '/archives/search/feed/?q=plans')).body).not.toContain('Secret');
    await client.signIn('queen@people.example', 'honey honey');
    expect((await client.request('GET', '/archives/search/?q=plans')).body).toContain('Secret');
  });
});

describe('signing in with a password', () => {
  test('sets a cookie that only we can set, and stores no token', async () => {
    const answer = await client.signIn('queen@people.example', 'honey honey');
    const [cookie] = [answer.headers['set-cookie']].flat().filter((one) => one?.includes('session'));
    expect(cookie).toMatch(
      /^__Host-ferryman_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=2592000$/,
    );
    const token = client.cookies.get('__Host-ferryman_session') ?? '';
    const rows = await site.services.database.connection('web_session').select();
    expect(JSON.stringify(rows)).not.toContain(token);
    await client.submit('/accounts/', '/accounts/logout/', {});
    expect(client.cookies.has('__Host-ferryman_session')).toBe(false);
    client.cookies.set('__Host-ferryman_session', token);
    expect((await client.request('GET', PRIVATE)).statusCode).toBe(303);
  });

  test.each([
    ['queen@people.example', 'wrong'],
    ['drone@people.example', ''],
    ['drone@people.example', 'anything'],
    ['nobody@people.example', 'honey honey'],
    ['not an address', 'honey honey'],
  ])('fails in the same words for %s with %j', async (email, password) => {
    const answer = await client.signIn(email, password);
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('Address and password do not fit together.');
  });

  test('is over for a while after ten wrong passwords, also with the right one', async () => {
    await site.join(list, 'guessed@people.example', 'right');
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect((await client.signIn('guessed@people.example', `guess ${attempt}`)).statusCode).toBe(403);
    }
    const answer = await client.signIn('guessed@people.example', 'right');
    expect(answer.statusCode).toBe(429);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
  });

  test('takes a password of Mailman 2.1 until there is one of our own', async () => {
    const { connection } = site.services.database;
    await site.join(list, 'old@people.example');
    const [member] = (await findMembers(connection, list.listId, 'member', ['old@people.example'])).values();
    if (member) await updateMember(connection, { ...member, legacy: { options: 0, password: 'oldpass' } });
    expect((await client.signIn('old@people.example', 'wrong')).statusCode).toBe(403);
    expect((await client.signIn('old@people.example', 'oldpass')).statusCode).toBe(303);
    const userId = (await findAddress(connection, 'old@people.example'))?.userId ?? '';
    const user = await findUser(connection, userId);
    expect(user?.password).toMatch(/^\$argon2id\$/);
    const [after] = (await findMembers(connection, list.listId, 'member', ['old@people.example'])).values();
    expect(after?.legacy?.password).toBeUndefined();
    if (user) await updateUser(connection, { ...user, password: null });
    if (member) await updateMember(connection, { ...member, legacy: { options: 0, password: '' } });
    expect((await new Client().signIn('old@people.example', '')).statusCode).toBe(403);
  });
});

describe('a form', () => {
  test('without the token of its browser does nothing', async () => {
    const fields = { email: 'queen@people.example', password: 'honey honey' };
    expect((await client.request('POST', '/accounts/login/', fields)).statusCode).toBe(403);
    const { body } = await new Client().request('GET', '/accounts/login/');
    const token = /name="form_token" value="([^"]+)"/.exec(body)?.[1] ?? '';
    await client.request('GET', '/accounts/login/');
    expect(
      (await client.request('POST', '/accounts/login/', { ...fields, form_token: token })).statusCode,
    ).toBe(403);
  });

  test.each([
    ...[
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      '/\t/evil.example',
      'javascript:alert(1)',
    ],
    ...[
      '/accounts/login/?next=/accounts/login/',
      '\\\\evil.example',
      'evil',
      '/%0d%0aX: y\r\nSet-Cookie: a=b',
    ],
  ])('leads nowhere else: %j', async (next) => {
    const done = await client.submit('/accounts/login/', '/accounts/login/', {
      email: 'queen@people.example',
      password: 'honey honey',
      next,
    });
    expect(done.statusCode).toBe(303);
    const { host, pathname } = new URL(String(done.headers.location), 'https://lists.example.com/');
    expect(host).toBe('lists.example.com');
    expect(pathname).not.toContain('evil.example/');
    expect(done.headers.x).toBeUndefined();
  });
});

describe('a link by mail', () => {
  const ask = (email: string) =>
    client.submit(`/accounts/login/?next=${encodeURIComponent(PRIVATE)}`, '/accounts/link/', { email });

  test('signs in once, by its button only', async () => {
    const before = await queued();
    const asked = await ask('drone@people.example');
    expect(asked.statusCode).toBe(200);
    await expect.poll(queued).toBe(before + 1);
    const raw = await lastMail();
    const message = Message.parse(raw);
    expect(message.headers.get('To')).toBe('drone@people.example');
    expect(message.headers.get('Auto-Submitted')).toBe('auto-generated');
    const [url = ''] =
      /https:\/\/lists\.example\.com\/accounts\/link\/[\w-]{43}\//.exec(partText(message.root)) ?? [];
    const path = new URL(url).pathname;
    expect((await new Client().request('GET', path)).statusCode).toBe(200);
    const done = await client.submit(path, path, {});
    expect(done.headers.location).toBe(PRIVATE);
    expect((await client.request('GET', PRIVATE)).statusCode).toBe(200);
    expect((await new Client().request('GET', path)).statusCode).toBe(404);
  });

  test('is asked for by strangers in vain, and they do not learn that', async () => {
    const before = await queued();
    const known = await ask('queen@people.example');
    await unseenDone(site.services);
    expect(await queued()).toBe(before + 1);
    const unknown = await ask('stranger@people.example');
    expect(unknown.body).toBe(known.body);
    expect(unknown.statusCode).toBe(known.statusCode);
    await unseenDone(site.services);
    expect(await queued()).toBe(before + 1);
  });

  test('is not sent again and again', async () => {
    const before = await queued();
    await site.join(list, 'flooded@people.example');
    for (let time = 0; time < 6; time += 1) await ask('flooded@people.example');
    await unseenDone(site.services);
    expect(await queued()).toBe(before + 3);
  });
});

/** The newest mail that waits for delivery. */
async function lastMail(): Promise<Buffer> {
  const { connection } = site.services.database;
  const row = await connection('queue_entry')
    .join('queue_message', 'queue_message.message_id', 'queue_entry.message_id')
    .where('queue', 'out')
    .orderBy('entry_id', 'desc')
    .first<{ readonly content: Buffer }>('queue_message.content');
  return row.content;
}
