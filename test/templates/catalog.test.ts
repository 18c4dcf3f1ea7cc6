import { describe, expect, test } from 'vitest';
import { shippedText } from '../../src/templates/catalog/index.ts';
import {
  type AuxiliaryName,
  fallbacks,
  namesInScope,
  templateDefinitions,
  templateNames,
} from '../../src/templates/names.ts';
import { expand, placeholdersIn } from '../../src/templates/placeholders.ts';
import { displayWidth } from '../../src/templates/width.ts';

const languages = ['en', 'ja', 'de', 'fr'];

/** The general placeholders (mail-flow.md section 8). */
const GENERAL = [
  'listname',
  'list_id',
  'display_name',
  'short_listname',
  'domain',
  'description',
  'info',
  'request_email',
  'owner_email',
  'site_email',
  'language',
];

/** Templates that are shipped without a text. */
const EMPTY = ['list:member:digest:header', 'list:member:regular:header', 'list:user:notice:goodbye'];

/** Their own placeholders that the shipped texts do without: another one of the template says the same, or nothing has to. */
const UNUSED: Readonly<Record<string, readonly string[]>> = {
  'list:admin:action:post': ['sender'],
  'list:user:action:invite': ['subject', 'confirm_email', 'confirm_address', 'email_address', 'domain_name'],
  'list:user:action:subscribe': [
    'subject',
    'confirm_email',
    'confirm_address',
    'email_address',
    'domain_name',
  ],
  'list:user:action:unsubscribe': [
    'subject',
    'confirm_email',
    'confirm_address',
    'email_address',
    'domain_name',
  ],
  'list:user:notice:hold': ['sender_email', 'sender', 'language'],
  'list:user:notice:no-more-today': ['sender', 'language'],
  'list:user:notice:probe': ['address', 'email'],
  'list:user:notice:post': ['user_email_in_url'],
  'list:user:notice:refuse': ['language'],
  'list:user:notice:warning': ['user_email_in_url'],
  'list:user:notice:welcome': [
    'user_name',
    'user_email_in_url',
    'user_address',
    'fqdn_listname',
    'list_name',
    'list_requests',
  ],
};

const shared: readonly string[] = Object.keys(fallbacks);
const auxiliary: readonly AuxiliaryName[] = ['help', 'list:member:generic:footer'];
const shipped = [...templateNames.filter((name) => !shared.includes(name)), ...auxiliary];

describe.each(languages)('the shipped templates in %s', (language) => {
  test.each(shipped)('%s', async (name) => {
    const text = await shippedText(name, language);
    if (text === undefined) throw new Error('missing');
    if (EMPTY.includes(name)) {
      expect(text).toBe('');
      return;
    }
    expect(text).toMatch(/\S\n$/);
    expect(text).not.toMatch(/[ \t]\n|\n\n\n|\t|\r|%\(/);
    for (const line of text.split('\n')) expect.soft(displayWidth(line)).toBeLessThanOrEqual(79);

    const definitions: Readonly<Record<string, { readonly placeholders: readonly string[] }>> =
      templateDefinitions;
    const own = definitions[name]?.placeholders ?? [];
    const used = placeholdersIn(text);
    expect(used.filter((each) => !own.includes(each) && !GENERAL.includes(each))).toEqual([]);
    expect(own.filter((each) => !used.includes(each) && !UNUSED[name]?.includes(each))).toEqual([]);

    const values = Object.fromEntries([...GENERAL, ...own].map((each) => [each, `<${each}>`]));
    expect(expand(text, values)).not.toContain('$');
  });

  test('are in that language', async () => {
    const welcome = (await shippedText('list:user:notice:welcome', language)) ?? '';
    const sign = { en: 'Welcome', ja: 'ようこそ', de: 'Willkommen', fr: 'Bienvenue' }[language] ?? '?';
    expect(welcome).toContain(sign);
  });

  test('headers and footers of posts and digests share one', async () => {
    for (const name of shared) expect(await shippedText(name, language)).toBeUndefined();
  });
});

test('no two languages have the same text', async () => {
  for (const name of shipped.filter((each) => !EMPTY.includes(each))) {
    const texts = await Promise.all(languages.map((language) => shippedText(name, language)));
    expect(new Set(texts).size, name).toBe(languages.length);
  }
});

test('other languages and names have no text', async () => {
  expect(await shippedText('list:user:notice:welcome', 'eo')).toBeUndefined();
  expect(await shippedText('list:user:notice:welcome', 'constructor')).toBeUndefined();
  expect(await shippedText('toString', 'en')).toBeUndefined();
});

test('Mailman names 28 templates, one of which lists cannot set', () => {
  expect(templateNames).toHaveLength(28);
  expect(namesInScope('site')).toHaveLength(28);
  expect(namesInScope('domain')).toHaveLength(28);
  expect(namesInScope('list')).toHaveLength(27);
  expect(namesInScope('list')).not.toContain('domain:admin:notice:new-list');
});
