import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findList } from '../../../src/database/lists.ts';
import { templatesOf } from '../../../src/database/templates.ts';
import type { RunningServer } from '../../../src/server/server.ts';
import { type Postorius, startPostorius } from '../../peers/postorius.ts';
import { freePort, MissingPeerError } from '../../peers/throwaway.ts';
import { documentBlock } from '../../support/operators-document.ts';
import { type SmtpSink, startSmtpSink } from '../../support/smtp-sink.ts';
import { inBrowser } from '../../web/browser.ts';
import { startRestServer } from '../rest-server.ts';

const SECTIONS = [
  'list_identity',
  'automatic_responses',
  'alter_messages',
  'dmarc_mitigations',
  'digest',
  'message_acceptance',
  'archiving',
  'subscription_policy',
  'bounce_processing',
];

inBrowser('Postorius and HyperKitty in front of Ferryman', (open) => {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-postorius-'));
  const closing: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })];
  let postorius: Postorius | undefined;
  let server: RunningServer;
  let sink: SmtpSink;
  let missing = '';
  let page: Page;

  beforeAll(async () => {
    const restPort = await freePort();
    sink = await startSmtpSink();
    closing.push(() => sink.stop());
    postorius = await startPostorius(restPort, sink.port).catch((error: unknown) => {
      if (!(error instanceof MissingPeerError) || process.env.CI) throw error;
      missing = error.message;
      return undefined;
    });
    if (!postorius) return;
    const { origin, stop } = postorius;
    closing.push(stop);
    const archiver = join(folder, 'mailman-hyperkitty.cfg');
    writeFileSync(
      archiver,
      documentBlock('postorius.md', 'Ferryman', 'mailman-hyperkitty.cfg', {
        'http://127.0.0.1:8080': origin,
      }),
    );
    const settings = documentBlock('postorius.md', 'Ferryman', 'mailman.cfg', {
      '8001': String(restPort),
      '/etc/mailman3/mailman-hyperkitty.cfg': archiver,
    });
    const running = await startRestServer(settings, { restPort, sink });
    ({ server } = running);
    closing.push(running.stop);
    ({ page } = await open(origin));
  }, 120_000);

  afterAll(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  const settingsOf = async () =>
    (await findList(server.services.database.connection, 'ant.example.com'))?.settings;

  const visit = async (path: string): Promise<void> => {
    const response = await page.goto(`${postorius?.origin}${path}`);
    expect(`${path} ${response?.status()}`).toBe(`${path} 200`);
  };

  const signIn = async (): Promise<void> => {
    await visit('/accounts/login/');
    await page.fill('input[name=login]', 'admin');
    await page.fill('input[name=password]', 'change-me');
    await page.click('form[action*=login] button[type=submit]');
  };

  const confirmationLink = async (): Promise<string> => {
    for (;;) {
      const texts = sink.mails
        .splice(0)
        .map(({ message }) => message.toString('latin1').replaceAll('=\r\n', ''));
      const path = /\/accounts\/confirm-email\/[^\s/]+\//.exec(texts.join('\n'))?.[0];
      if (path !== undefined) return `${postorius?.origin}${path.replaceAll('=3A', ':')}`;
      await sleep(50);
    }
  };

  const sendPost = async (name: string): Promise<void> => {
    const mail = `From: zed@example.com\r\nTo: bee@example.com\r\nSubject: Held ${name}\r\nMessage-ID: <${name}@x>\r\n\r\nHello\r\n`;
    const body = new URLSearchParams({ list_id: 'bee.example.com', text: mail });
    await rest('POST', '/queues/in', body);
  };

  const rest = async (method: string, path: string, body?: URLSearchParams) => {
    const response = await fetch(`http://127.0.0.1:${server.restPort}/3.1${path}`, {
      method,
      headers: { authorization: `Basic ${Buffer.from('restadmin:restpass').toString('base64')}` },
      ...(body === undefined ? {} : { body }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return response;
  };

  const shownByRest = async (): Promise<Readonly<Record<string, unknown>>> => {
    const list = '/lists/ant.example.com';
    const config = (await (await rest('GET', `${list}/config`)).json()) as Record<string, unknown>;
    return { ...config, archivers: await (await rest('GET', `${list}/archivers`)).json() };
  };

  const rosterOf = async (role: string): Promise<string[]> => {
    const answer = (await (await rest('GET', `/lists/bee.example.com/roster/${role}`)).json()) as {
      entries?: { email: string; display_name: string }[];
    };
    return (answer.entries ?? []).map(({ email, display_name }) => `${display_name} <${email}>`);
  };

  const welcomeTemplate = async (): Promise<string | undefined> => {
    const { connection } = server.services.database;
    const [template] = await templatesOf(connection, { scope: 'list', listId: 'bee.example.com' });
    if (template === undefined) return undefined;
    const uri = 'uri' in template.source ? template.source.uri : '';
    return (await fetch(uri)).text();
  };

  const heldPosts = async (count: number): Promise<void> => {
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const answer = (await (await rest('GET', '/lists/bee.example.com/held/count')).json()) as {
        count: number;
      };
      if (answer.count === count) return;
      await sleep(50);
    }
    throw new Error(`there are not ${count} held posts`);
  };

  const says = async (text: string | RegExp): Promise<void> => {
    await page.getByText(text).first().waitFor({ timeout: 30_000 });
  };

  test('go through all that the people in charge of a list do', { timeout: 240_000 }, async (context) => {
    if (!postorius) return context.skip(missing);
    await signIn();
    const link = await confirmationLink();
    await page.goto(link);
    await page.click('form[action*=confirm-email] [type=submit]');
    await signIn();
    await page.waitForURL(/\/mailman3\/lists/);

    await visit('/mailman3/domains/new/');
    await page.fill('input[name=mail_host]', 'example.com');
    await page.fill('input[name=description]', 'Beispiele für alle');
    await page.click('form.form-horizontal [type=submit]');
    await says('New Domain registered');

    for (const name of ['ant', 'bee']) {
      await visit('/mailman3/lists/new/');
      await page.fill('input[name=listname]', name);
      await page.selectOption('select[name=mail_host]', 'example.com');
      await page.fill('input[name=list_owner]', 'admin@example.com');
      await page.fill('input[name=description]', 'Ants & others');
      await page.click('form.form-horizontal [type=submit]');
      await says('List created');
    }
    expect((await settingsOf())?.description).toBe('Ants & others');

    const changed = new Set<string>();
    for (const section of SECTIONS) {
      const before = await shownByRest();
      await visit(`/mailman3/lists/ant.example.com/settings/${section}`);
      const wanted = (await page.evaluate(CHANGE_EVERYTHING)) as string[];
      await page.click('form[action*="/settings/"] [type=submit]');
      await says('The settings have been updated');
      expect([section, await page.evaluate(FORM_STATE)]).toEqual([section, wanted]);
      const after = await shownByRest();
      for (const name of (await page.evaluate(FIELD_NAMES)) as string[]) {
        expect(after[name], `${section}: ${name}`).not.toEqual(before[name]);
        changed.add(name);
      }
    }
    expect(changed.size).toBe(74);
    const { info, ...shown } = await shownByRest();
    expect(String(info).replaceAll('\r\n', '\n')).toBe('New: info, für alle & <b>\n\nsecond paragraph');
    expect(shown).toMatchObject({
      accept_these_nonmembers: ['other@example.com', '^.*@friends[.]example'],
      archivers: { hyperkitty: false },
      autoresponse_grace_period: '91d',
      description: 'New: description, für alle & <b>',
      digests_enabled: false,
      max_message_size: 41,
      subject_prefix: '[Ants!]',
    });
  });

  test('owners and moderators come and go', { timeout: 60_000 }, async (context) => {
    if (!postorius) return context.skip(missing);
    for (const role of ['owner', 'moderator']) {
      const members = `/mailman3/lists/bee.example.com/members/${role}/`;
      await visit(members);
      await page.fill('input[name=email]', `${role}@example.com`);
      await page.fill('input[name=display_name]', 'Ä. Person');
      await page.click('form:has(input[name=email]) button[type=submit]');
      await says(`${role}@example.com has been added with the role ${role}`);
      expect(await rosterOf(role)).toContain(`Ä. Person <${role}@example.com>`);
      await visit(`/mailman3/lists/bee.example.com/remove/${role}/${role}@example.com`);
      await page.click('form button.btn-danger');
      await page.waitForURL(`**${members}`);
      expect(await rosterOf(role)).not.toContain(`Ä. Person <${role}@example.com>`);
    }
    expect(await rosterOf('owner')).toHaveLength(1);
  });

  test('subscribe, moderate, ban, and tend filters and templates', { timeout: 120_000 }, async (context) => {
    if (!postorius) return context.skip(missing);
    const list = '/mailman3/lists/bee.example.com';
    await visit(`${list}/mass_subscribe/`);
    await page.fill('textarea[name=emails]', 'Anne Person <anne@example.com>\nbart@example.com');
    await page.check('input[name=pre_verified]');
    await page.click('form.form-horizontal [type=submit]');
    await says('anne@example.com');
    await visit(`${list}/members/member/`);
    await says('bart@example.com');

    for (const name of ['one', 'two']) {
      await sendPost(name);
      await heldPosts(1);
      await visit(`${list}/held_messages`);
      await says(`Held ${name}`);
      await page.check('input.message-checkbox');
      await page.click(
        `form:has(input.message-checkbox) input[name=${name === 'one' ? 'accept' : 'discard'}]`,
      );
      await heldPosts(0);
    }

    await visit(`${list}/bans/`);
    await page.fill('.bans-add-form input[name=email]', '^.*@spam[.]example');
    await page.click('.bans-add-form button[name=add]');
    await says('has been banned');
    await page.click('button[name=del]');
    await says('has been un-banned');

    await visit(`${list}/header-matches/`);
    await page.fill('input[name$="-header"]', 'X-Spam');
    await page.fill('input[name$="-pattern"]', '^yes');
    await page.selectOption('select[name$="-action"]', 'discard');
    await page.click('form.header-matches button[type=submit]');
    await says('The header matches were successfully modified');
    expect(await page.inputValue('input[name="form-0-header"]')).toBe('x-spam');

    await visit(`${list}/templates/new`);
    await page.selectOption('select[name=name]', 'list:user:notice:welcome');
    await page.fill('textarea[name=data]', 'Willkommen bei $listname');
    await page.click('form:has(textarea[name=data]) [type=submit]');
    await page.waitForURL(/\/templates$/);
    await says('list:user:notice:welcome');
    expect(await welcomeTemplate()).toBe('Willkommen bei $listname');
    await page.click('a[href*="/templates/"][href$="/update"]');
    await page.fill('textarea[name=data]', 'Sei willkommen bei $listname');
    await page.click('form:has(textarea[name=data]) [type=submit]');
    await page.waitForURL(/\/templates$/);
    expect(await welcomeTemplate()).toBe('Sei willkommen bei $listname');
    await page.click('a[href*="/templates/"][href$="/delete"]');
    await page.click('form input.btn-danger');
    await page.waitForURL(/\/templates$/);
    expect(await welcomeTemplate()).toBeUndefined();
  });

  test('HyperKitty shows the post that was accepted', { timeout: 60_000 }, async (context) => {
    if (!postorius) return context.skip(missing);
    await server.engine.drain();
    await visit('/archives/list/bee@example.com/latest');
    await says('Held one');
    expect(await page.getByText('Held two').count()).toBe(0);
  });

  test('remove the list', { timeout: 60_000 }, async (context) => {
    if (!postorius) return context.skip(missing);
    await visit('/mailman3/lists/bee.example.com/delete');
    await page.click('form button.btn-danger');
    await page.waitForURL(/\/mailman3\/lists\/(\?.*)?$/);
    expect(await findList(server.services.database.connection, 'bee.example.com')).toBeUndefined();
    expect(await settingsOf()).toBeDefined();
  });
});

/** Runs in the page: what its form of settings holds. */
const FORM_STATE = `
  [...new FormData(document.querySelector('form[action*="/settings/"]'))]
    .map(([name, value]) => name + '=' + value.replace(/^(\\d+)\\.0$/, '$1').replaceAll('\\r\\n', '\\n'))
    .filter((pair) => !pair.startsWith('csrf'))`;

/** Runs in the page: the names of the settings that its form has. */
const FIELD_NAMES = `
  [...new Set([...document.querySelector('form[action*="/settings/"]').elements].map(({ name }) => name))]
    .filter((name) => name !== '' && !name.startsWith('csrf'))`;

/** What is written into fields that do not take any text. */
const WRITTEN: Readonly<Record<string, string>> = {
  acceptable_aliases: 'aunts@example.com',
  accept_these_nonmembers: 'other@example.com\n^.*@friends[.]example',
  filter_extensions: 'exe\nbat',
  filter_types: 'image/gif',
  info: 'New: info, für alle & <b>\n\nsecond paragraph',
  linked_newsgroup: 'comp.ants',
  pass_extensions: 'txt',
  pass_types: 'text/plain\ntext/html',
  reply_to_address: 'replies@example.com',
  subject_prefix: '[Ants!]',
};

/** Runs in the page: gives each field another value, and gives what is to be read again. */
const CHANGE_EVERYTHING = `{
  const written = ${JSON.stringify(WRITTEN)};
  const done = new Set();
  for (const field of document.querySelector('form[action*="/settings/"]').elements) {
    if (field.tagName === 'SELECT') field.selectedIndex = (field.selectedIndex + 1) % field.options.length;
    else if (field.type === 'number') field.value = String(Number(field.value) + 1);
    else if (field.type === 'checkbox') field.checked = !field.checked;
    else if (field.type === 'radio') {
      if (!field.checked && !done.has(field.name)) {
        field.checked = true;
        done.add(field.name);
      }
    } else if (field.tagName === 'TEXTAREA' || field.type === 'text') {
      const days = /^(\\d+)d$/.exec(field.value);
      if (days) field.value = Number(days[1]) + 1 + 'd';
      else if (field.name.endsWith('_these_nonmembers')) field.value = written[field.name] ?? field.name + '@example.com';
      else field.value = written[field.name] ?? 'New: ' + field.name + ', für alle & <b>';
    }
  }
  ${FORM_STATE}
}`;
