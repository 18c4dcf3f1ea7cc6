import { expect, test } from 'vitest';
import { findTemplate } from '../../src/templates/lookup.ts';
import { renderTemplate } from '../../src/templates/render.ts';
import { DOMAIN, type Installation, installation, LIST, SITE } from './installation.ts';

const WELCOME = 'list:user:notice:welcome';

async function found({ step, list }: Installation, language = 'en', name: typeof WELCOME = WELCOME) {
  return (await findTemplate(step, { name, list, language })).text;
}

test('a text for the list comes before one for the domain, that before one for the site', async () => {
  const here = await installation();
  here.file('lists/ant.example.com/en/list:user:notice:welcome.txt', 'file');
  await here.put(SITE, WELCOME, 'site');
  expect(await found(here)).toBe('site');
  await here.put(DOMAIN, WELCOME, 'domain');
  expect(await found(here)).toBe('domain');
  await here.put(LIST, WELCOME, 'list');
  expect(await found(here)).toBe('list');
  const other = await installation();
  await other.put({ scope: 'domain', mailHost: 'example.com' }, 'list:user:notice:hold', 'hold');
  expect(await found(other)).toContain('Welcome to the $display_name');
});

test('files are looked for by List-Id, posting address, domain and site', async () => {
  const here = await installation();
  const name = 'list:user:notice:welcome.txt';
  expect(await found(here)).toContain('Welcome to the $display_name');
  here.file(`site/en/${name}`, 'site');
  expect(await found(here)).toBe('site');
  here.file(`domains/example.com/en/${name}`, 'domain');
  expect(await found(here)).toBe('domain');
  here.file(`lists/ant@example.com/en/${name}`, 'address');
  expect(await found(here)).toBe('address');
  here.file(`lists/ant.example.com/en/${name}`, 'id');
  expect(await found(here)).toBe('id');
});

test('languages are tried in turn: the wanted one, the list’s, the server’s, English', async () => {
  const here = await installation({ preferred_language: 'it' }, 'default_language: es\n');
  const file = (language: string) =>
    here.file(`site/${language}/list:user:notice:welcome.txt`, `in ${language}`);
  expect(await found(here, 'pt')).toContain('Welcome to the $display_name');
  file('es');
  expect(await found(here, 'pt')).toBe('in es');
  file('it');
  expect(await found(here, 'pt')).toBe('in it');
  file('pt');
  expect(await found(here, 'pt')).toBe('in pt');
  // What is shipped in the wanted language is better than a file in another one.
  expect(await found(here, 'de')).toContain('Willkommen');
});

test('a text for one language is only for that one, and comes before one for all', async () => {
  const here = await installation({ preferred_language: 'de' });
  await here.put(LIST, WELCOME, 'Servus', 'de');
  expect(await found(here, 'de')).toBe('Servus');
  // French is shipped, so that the list's own German does not count.
  expect(await found(here, 'fr')).toContain('Bienvenue');
  expect(await found(here, 'it')).toBe('Servus');
  await here.put(LIST, WELCOME, 'to all');
  expect(await found(here, 'de')).toBe('Servus');
  expect(await found(here, 'it')).toBe('to all');
});

test('an empty text was found', async () => {
  const here = await installation();
  here.file('lists/ant.example.com/en/list:member:regular:footer.txt', '');
  const footer = () =>
    findTemplate(here.step, { name: 'list:member:regular:footer', list: here.list, language: 'en' });
  expect((await footer()).text).toBe('');
  await here.put(SITE, WELCOME, '');
  expect(await found(here)).toBe('');
});

test('footers fall back to the one that they share, wherever that is set', async () => {
  const here = await installation();
  const footer = () =>
    findTemplate(here.step, { name: 'list:member:digest:footer', list: here.list, language: 'en' });
  expect((await footer()).text).toContain('$short_listname-leave@$domain');
  here.file('site/en/list:member:generic:footer.txt', 'shared');
  expect((await footer()).text).toBe('shared');
  here.file('site/en/list:member:digest:footer.txt', 'own');
  expect((await footer()).text).toBe('own');
});

test('files are read whatever their line ends, not when they are no files or too large', async () => {
  const here = await installation();
  here.file('site/en/list:user:notice:welcome.txt', '\ufeffone\r\ntwo\r\n');
  expect(await found(here)).toBe('one\ntwo\n');
  here.file('domains/example.com/en/list:user:notice:welcome.txt/inside', 'a folder is no text');
  here.file('lists/ant.example.com/en/list:user:notice:welcome.txt', 'x'.repeat(1024 * 1024 + 1));
  expect(await found(here)).toBe('one\ntwo\n');
});

test('files from before UTF-8 are read as texts in their language were written', async () => {
  const here = await installation();
  here.file('site/de/list:user:notice:welcome.txt', Buffer.from('Grüße', 'latin1'));
  expect(await found(here, 'de')).toBe('Grüße');
  // 日本語 in EUC-JP, as Python writes it.
  here.file('site/ja/list:user:notice:welcome.txt', Buffer.from('c6fccbdcb8ec', 'hex'));
  expect(await found(here, 'ja')).toBe('日本語');
});

test('a language code cannot lead out of the folder', async () => {
  const here = await installation();
  here.file('secret/list:user:notice:welcome.txt', 'secret');
  expect(await found(here, '../../secret')).toContain('Welcome');
});

test('general placeholders are filled, wrapping follows the table', async () => {
  const here = await installation({ description: 'Ants, and what they carry', info: 'More\nabout ants' });
  await here.put(
    LIST,
    'list:user:notice:post',
    '$listname|$list_id|$display_name|$short_listname|$domain|$description|$info|$request_email|$owner_email|$site_email|$language|$subject|$nothing',
  );
  const render = (name: 'list:user:notice:post' | 'list:user:notice:hold' | typeof WELCOME) =>
    renderTemplate(here.step, {
      name,
      list: here.list,
      language: 'en',
      variables: { subject: 'a $listname b', reasons: '    Because.', user_email: 'ann@example.org' },
    });
  expect(await render('list:user:notice:post')).toBe(
    'ant@example.com|ant.example.com|Ant|ant|example.com|Ants, and what they carry|More\nabout ants|ant-request@example.com|ant-owner@example.com|postmaster@example.net|en|a $listname b|$nothing',
  );
  // Wrapped after the placeholders are filled …
  await here.put(LIST, 'list:user:notice:hold', `${'word '.repeat(13)}$listname\n$reasons`);
  expect(await render('list:user:notice:hold')).toBe(
    `${'word '.repeat(13).trim()}\nant@example.com\n    Because.`,
  );
  // … and before.
  await here.put(LIST, WELCOME, `${'word '.repeat(12)}$user_email`);
  expect(await render(WELCOME)).toBe(
    `${'word '.repeat(12).trim()}\n$user_email`.replace('$user_email', 'ann@example.org'),
  );
});
