import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exportList } from '../../../migrate/export21/index.ts';
import { readPickle } from '../../../migrate/pickle/reader.ts';
import { type PickleValue, PyBytes, PyDict } from '../../../migrate/pickle/values.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { verifyList } from '../../../migrate/verify/verify-list.ts';
import { findAddress } from '../../../src/database/addresses.ts';
import { updateSettings } from '../../../src/database/lists.ts';
import { membersOfList } from '../../../src/database/members.ts';
import { putTemplate } from '../../../src/database/templates.ts';
import { findUser, updateUser } from '../../../src/database/users.ts';
import { approved } from '../../../src/flow/rules/approved.ts';
import { changeMemberPassword, verifiesMemberPassword } from '../../../src/membership/member-password.ts';
import { hashPassword } from '../../../src/membership/passwords.ts';
import { subscribe } from '../../../src/membership/subscribe.ts';
import { absorbUser } from '../../../src/membership/users.ts';
import { Message } from '../../../src/message/message.ts';
import type { Member } from '../../../src/model/member.ts';
import { userWithPassword } from '../../../src/web/sign-in.ts';
import { processorTime } from '../../support/processor-time.ts';
import { testServices } from '../../support/services.ts';
import { SITE } from './fixture-site.ts';
import { openSiteBench, type SiteBench } from './site-bench.ts';

const LISTS = ['plain', 'announce', 'members-lab'];

let bench: SiteBench;

beforeEach(async () => {
  bench = await openSiteBench();
  await bench.run(undefined, { lists: LISTS });
});

afterEach(() => bench.close());

function configOf(bytes: Uint8Array | undefined): PyDict {
  const value = bytes && readPickle(bytes);
  if (!(value instanceof PyDict)) throw new Error('no config.pck');
  return value;
}

function passwordsIn(config: PyDict): PyDict {
  const value = config.get('passwords');
  if (!(value instanceof PyDict)) throw new Error('no passwords');
  return value;
}

const there = (name: string): PyDict => configOf(readFileSync(join(SITE, 'lists', name, 'config.pck')));

function clear(value: PickleValue | undefined): string {
  return value instanceof PyBytes ? value.latin1 : String(value);
}

async function member(list: string, email: string): Promise<Member> {
  const { listId } = await bench.list(list);
  const all = await membersOfList(bench.database.connection, listId, ['member']);
  const found = all.find((one) => one.email === email);
  if (!found) throw new Error(`no member ${email}`);
  return found;
}

/** Where any clear password of a person still stands. */
async function clearOnes(email: string): Promise<string[]> {
  const found: string[] = [];
  for (const list of LISTS) {
    const { listId } = await bench.list(list);
    const all = await membersOfList(bench.database.connection, listId, ['member']);
    if (all.some((one) => one.email === email && one.legacy?.password !== undefined)) found.push(list);
  }
  return found;
}

const terms = () => ({ oldOnes: true, now: bench.clock.now() });
const ANNA = 'anna@example.com';
const verify = async (list: string, password: string) => {
  const one = await member(list, ANNA);
  return bench.step(({ connection }) => verifiesMemberPassword(connection, one, password, terms()));
};

describe('a password that Mailman 2.1 had in clear', () => {
  const oldOne = clear(passwordsIn(there('plain')).get(ANNA));

  test('is nowhere any more once it was used', async () => {
    expect(await clearOnes(ANNA)).toContain('plain');
    expect(await verify('plain', `${oldOne}x`)).toBe(false);
    expect(await clearOnes(ANNA)).toContain('plain');
    expect(await verify('plain', oldOne)).toBe(true);
    expect(await clearOnes(ANNA)).toEqual([]);
    const address = await findAddress(bench.database.connection, ANNA);
    const user = await findUser(bench.database.connection, address?.userId ?? '');
    expect(user?.password).toMatch(/^\$argon2id\$/);
    const rows = await bench.database.connection('member').where('email', ANNA).select('legacy');
    expect(JSON.stringify(rows)).not.toContain(oldOne);
    expect(await verify('plain', oldOne)).toBe(true);
  });

  test('is not stored again by the next run, and no difference to verify', async () => {
    await verify('plain', oldOne);
    const { connection } = bench.database;
    await connection('migrated_item').where({ kind: 'config' }).delete();
    await bench.run(undefined, { lists: LISTS });
    expect(await clearOnes(ANNA)).toEqual([]);
    const options = { domainOf: new Map(), now: bench.clock.now() };
    expect((await verifyList(connection, openSite(SITE), 'plain', options)).differences).toEqual([]);
  });

  test('opens no account that runs a list: whoever owns another one may know it', async () => {
    const { connection } = bench.database;
    const announce = await bench.list('announce');
    const anna = { address: ANNA, displayName: '' };
    await bench.step((step) =>
      subscribe(step.connection, announce, [anna], { role: 'owner', verified: true }),
    );
    const one = await member('plain', ANNA);
    expect(await verify('plain', oldOne)).toBe(true);
    const change = { old: oldOne, wanted: 'another one', ...terms() };
    expect(await bench.step((step) => changeMemberPassword(step.connection, one, change))).toBe(false);
    const services = { ...testServices(bench.database, {}), clock: bench.clock };
    expect(await userWithPassword(services, ANNA, oldOne)).toBe(undefined);
    const address = await findAddress(connection, ANNA);
    expect((await findUser(connection, address?.userId ?? ''))?.password).toBe(null);
  });

  test('goes away with every way of setting another one', async () => {
    const one = await member('plain', ANNA);
    await bench.step(({ connection }) =>
      changeMemberPassword(connection, one, { old: oldOne, wanted: 'another one', ...terms() }),
    );
    expect(await clearOnes(ANNA)).toEqual([]);
    expect(await verify('plain', oldOne)).toBe(false);
  });

  test('goes away where its account becomes part of one that has a password', async () => {
    const { connection } = bench.database;
    const anna = await findAddress(connection, ANNA);
    const bert = await findAddress(connection, 'bert@example.net');
    const user = await findUser(connection, bert?.userId ?? '');
    if (!user) throw new Error('no user');
    const withPassword = { ...user, password: await hashPassword('of Bert') };
    await bench.step(async (step) => {
      await updateUser(step.connection, withPassword);
      await absorbUser(step.connection, withPassword, anna?.userId ?? '');
    });
    expect(await clearOnes(ANNA)).toEqual([]);
  });

  test('stays as it is in a Mailman 2.1 that the list goes back to; elsewhere one is made up', async () => {
    await verify('plain', oldOne);
    const { connection } = bench.database;
    const list = await bench.list('plain');
    const back = await exportList(connection, list, bench.clock.now(), there('plain'));
    expect(clear(passwordsIn(configOf(back.files.get('config.pck'))).get(ANNA))).toBe(oldOne);
    const elsewhere = await exportList(connection, list, bench.clock.now());
    expect(clear(passwordsIn(configOf(elsewhere.files.get('config.pck'))).get(ANNA))).toMatch(/^[a-z]{8}$/);
    expect(elsewhere.notes.map(({ subject }) => subject)).toContain('passwords');
  });
});

describe('a password of a list', () => {
  const LIST_PASSWORD = 'of the list';

  beforeEach(async () => {
    const sha1 = createHash('sha1').update(LIST_PASSWORD).digest('hex');
    await updateSettings(bench.database.connection, await bench.list('plain'), {
      admin_password: `mailman21:sha1:${sha1}`,
    });
  });

  async function approve(header: string): Promise<boolean> {
    const list = await bench.list('plain');
    const message = Message.parse(Buffer.from(`From: ${ANNA}\n${header}\n\nText\n`));
    const hit = await bench.step((step) => approved.check({ list, message, metadata: {} }, step));
    return hit !== null;
  }

  test('is stored by a modern hash at its first use, goes on working, and goes back as it is there', async () => {
    const { connection } = bench.database;
    const sha1 = clear(there('plain').get('password'));
    expect(await approve('Approved: wrong')).toBe(false);
    expect(await approve(`Approved: ${LIST_PASSWORD}`)).toBe(true);
    expect((await bench.list('plain')).settings.admin_password).toMatch(/^\$argon2id\$/);
    expect(await approve(`X-Approve: ${LIST_PASSWORD}`)).toBe(true);
    const back = await exportList(connection, await bench.list('plain'), bench.clock.now(), there('plain'));
    expect(clear(configOf(back.files.get('config.pck')).get('password'))).toBe(sha1);
    const options = { domainOf: new Map(), now: bench.clock.now() };
    const verified = await verifyList(connection, openSite(SITE), 'plain', options);
    expect([verified.differences, verified.decided_here]).toEqual([[], 1]);
  });

  test('is not looked for in thousands of headers', async () => {
    await approve(`Approved: ${LIST_PASSWORD}`);
    const spent = processorTime();
    const guesses = Array.from({ length: 3000 }, (_, number) => `Approved: guess${number}`);
    expect(await approve([...guesses, `Approved: ${LIST_PASSWORD}`].join('\n'))).toBe(false);
    expect(spent()).toBeLessThan(2000);
  });
});

describe('a text that was changed here', () => {
  async function textsOf(list: string, name: string, text: string): Promise<[PyDict, string[]]> {
    const { connection } = bench.database;
    const found = await bench.list(list);
    const context = { scope: 'list', listId: found.listId } as const;
    await putTemplate(connection, context, { name, language: '', source: { text } });
    const { files, notes } = await exportList(connection, found, bench.clock.now());
    return [configOf(files.get('config.pck')), notes.map((note) => `${note.subject}: ${note.text}`)];
  }

  test('goes back with the placeholders of Mailman 2.1', async () => {
    const text = '100 % of $display_name, $short_listname@$domain: $$5 for $user_email\n';
    const [config, notes] = await textsOf('plain', 'list:member:regular:footer', text);
    // What str % dict makes of it in Python: 100 % of Plain, plain@example.com: $5 for anna@example.com
    expect(clear(config.get('msg_footer'))).toBe(
      '100 %% of %(real_name)s, %(_internal_name)s@%(host_name)s: $5 for %(user_address)s\n',
    );
    expect(notes).toEqual([]);
  });

  test('is named where it has a placeholder that Mailman 2.1 does not know', async () => {
    const [config, notes] = await textsOf('plain', 'list:member:digest:header', 'See $hyperkitty_url');
    expect(clear(config.get('digest_header'))).toBe('See $hyperkitty_url');
    expect(notes).toEqual([
      'digest_header: $hyperkitty_url is unknown to Mailman 2.1 and stays in the text as it is',
    ]);
  });

  test('as words of welcome goes back without the text around them; another text is named', async () => {
    const { connection } = bench.database;
    const list = await bench.list('announce');
    const row = await connection('template')
      .where({ list_id: list.listId, name: 'list:user:notice:welcome' })
      .first<{ content: string } | undefined>();
    const words = clear(there('announce').get('welcome_msg')).trim().split('\n')[0] ?? '';
    expect([row?.content.includes(words), words.length > 3]).toEqual([true, true]);
    const changed = row?.content.replace(words, 'Servus $display_name') ?? '';
    const [config] = await textsOf('announce', 'list:user:notice:welcome', changed);
    expect(clear(config.get('welcome_msg'))).toContain('Servus %(real_name)s');
    expect(clear(config.get('welcome_msg'))).not.toContain('$');
    const [kept, notes] = await textsOf('announce', 'list:user:notice:welcome', 'All new.');
    expect(clear(kept.get('welcome_msg'))).toBe(clear(there('announce').get('welcome_msg')));
    expect(notes.join()).toContain('welcome_msg: was rewritten here');
  });
});
