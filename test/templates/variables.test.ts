import { describe, expect, test } from 'vitest';
import { templateDefinitions } from '../../src/templates/names.ts';
import {
  expandSetting,
  frameVariables,
  listVariables,
  mastheadVariables,
  oneLine,
  readerVariables,
  reasonBlock,
} from '../../src/templates/variables.ts';
import { sampleList } from '../database/samples.ts';

const plain = sampleList('ant');
const list = {
  ...plain,
  settings: {
    ...plain.settings,
    display_name: 'Ant',
    description: 'About ants',
    web_page_url: 'http://lists.example.com/mailman/',
  },
};
const circumstances = { siteOwner: 'postmaster@example.net', language: 'de' };

describe('placeholders of', () => {
  test('headers and footers are all there', () => {
    const reader = readerVariables({
      address: 'Ann.Person@Example.ORG',
      displayName: 'Ann, Person',
      languageDescription: 'German',
    });
    const all = { ...frameVariables(list), ...reader };
    expect(Object.keys(all).sort()).toEqual(
      [...templateDefinitions['list:member:regular:footer'].placeholders].sort(),
    );
    expect(all).toEqual({
      fqdn_listname: 'ant@example.com',
      list_name: 'ant',
      mail_host: 'example.com',
      request_address: 'ant-request@example.com',
      member: '"Ann, Person" <Ann.Person@Example.ORG>',
      user_email: 'ann.person@example.org',
      user_email_in_url: 'ann.person%40example.org',
      user_address: 'ann.person@example.org',
      user_delivered_to: 'Ann.Person@Example.ORG',
      user_language: 'German',
      user_name: 'Ann, Person',
      user_name_or_address: 'Ann, Person',
    });
  });

  test('mastheads are all there', () => {
    expect(Object.keys(mastheadVariables(list))).toEqual([
      ...templateDefinitions['list:member:digest:masthead'].placeholders,
    ]);
  });

  test('every template of a list are those of Mailman', () => {
    expect(listVariables(list, circumstances)).toEqual({
      listname: 'ant@example.com',
      list_id: 'ant.example.com',
      display_name: 'Ant',
      short_listname: 'ant',
      domain: 'example.com',
      description: 'About ants',
      info: '',
      request_email: 'ant-request@example.com',
      owner_email: 'ant-owner@example.com',
      site_email: 'postmaster@example.net',
      language: 'de',
    });
  });
});

test.each([
  [
    '%(listowner)s, %(owneremail)s, $owneremail',
    'ant-owner@example.com, ant-owner@example.com, ant-owner@example.com',
  ],
  ['%(adminemail)s %(requestemail)s', 'ant-bounces@example.com ant-request@example.com'],
  ['%(listname)s is $listname', 'Ant is ant@example.com'],
  ['%(listurl)s', 'http://lists.example.com/mailman/listinfo/ant'],
  ['%(web_page_url)slistinfo%(cgiext)s/%(_internal_name)s', 'http://lists.example.com/mailman/listinfo/ant'],
  ['$description, %(description)s, %(unknown)s, 5%', 'About ants, About ants, %(unknown)s, 5%'],
  ['$list_name $display_name $language', 'ant Ant de'],
])('a setting %j is sent as %j', (text, expected) => {
  expect(expandSetting(text, list, circumstances)).toBe(expected);
});

describe('reasons', () => {
  test('are wrapped and indented, each on lines of its own', () => {
    expect(reasonBlock(['one two three four', 'five'], 14)).toBe('    one two\n    three four\n    five');
    expect(reasonBlock(['first\nsecond'], 70)).toBe('    first\n    second');
    expect(reasonBlock([], 70)).toBe('');
  });
});

test('a text from outside is one line', () => {
  expect(oneLine(' a\r\n\tb\u0000c\u2028d  e\u0085f\u00a0')).toBe('a b c d e f');
  expect(oneLine('politique «\u00a0reject\u00a0»\u202f!')).toBe('politique «\u00a0reject\u00a0»\u202f!');
});
