import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseMmCfg } from '../../../migrate/site/mm-cfg.ts';
import { processorTime } from '../../support/processor-time.ts';
import { expectedSite, SITE } from './fixture-site.ts';

function settingsOf(source: string): Record<string, unknown> {
  return Object.fromEntries(parseMmCfg(Buffer.from(source)).settings);
}

test('the settings of the fixture site are read', () => {
  const { settings, virtualHosts, notUnderstood } = parseMmCfg(readFileSync(join(SITE, 'Mailman/mm_cfg.py')));
  expect(Object.fromEntries(virtualHosts)).toEqual(expectedSite.site.virtual_hosts);
  expect(notUnderstood).toEqual([]);
  expect(settings.get('POSTFIX_STYLE_VIRTUAL_DOMAINS')).toEqual(['lists.example.org']);
  expect(settings.get('DEFAULT_MAX_MESSAGE_SIZE')).toBe(60);
  expect(settings.get('VERP_CONFIRMATIONS')).toBe(true);
});

describe('literals', () => {
  test.each<[string, unknown]>([
    ["'a'", 'a'],
    ['"it\'s" # remark', "it's"],
    ['"a" \'b\' + "c"', 'abc'],
    ['"""two\nlines"""', 'two\nlines'],
    ["r'\\d+'", '\\d+'],
    ["u'\\x41\\n'", 'A\n'],
    ['0x10', 16],
    ['010', 8],
    ['-3', -3],
    ['10 * 1024', 10_240],
    ['days(5)', 432_000],
    ['hours(1) + minutes(30)', 5400],
    ['Yes', true],
    ['off', false],
    ['None', null],
    ['[]', []],
    ['(1,)', [1]],
    ['(1)', 1],
    ['("a", "b")', ['a', 'b']],
    ["[\n  'a', # first\n  'b',\n]", ['a', 'b']],
    ["{'a': 1, 'b': [2]}", { a: 1, b: [2] }],
  ])('%s', (source, value) => {
    expect(settingsOf(`X = ${source}\n`).X).toEqual(value);
  });
});

test('earlier settings can be used by name', () => {
  expect(settingsOf("HOST = 'example.com'\nURL = 'http://' + HOST + '/'\n").URL).toBe('http://example.com/');
});

test('virtual hosts are cleared and added as in Python', () => {
  const source =
    "add_virtualhost('a.example', 'b.example')\nVIRTUAL_HOSTS.clear()\nadd_virtualhost('www.example.org')\n";
  expect(Object.fromEntries(parseMmCfg(Buffer.from(source)).virtualHosts)).toEqual({
    'www.example.org': 'example.org',
  });
});

test.each([
  "X = os.popen('id').read()",
  'if True:\n    X = 1',
  'X = [name for name in names]',
  "X = 'a' % 'b'",
  "exec('X = 1')",
  'GLOBAL_PIPELINE.insert(1, "Mine")',
  'X = unknown_name',
  'X = "not closed',
])('%j is not run but named with its line', (source) => {
  const { settings, notUnderstood } = parseMmCfg(Buffer.from(`# first line\n${source}\n`));
  expect(notUnderstood[0]?.line).toBe(2);
  expect(settings.has('X')).toBe(false);
});

test.each([
  '['.repeat(200_000),
  `X = ${'('.repeat(5000)}`,
  `X = "${'\\'.repeat(100_000)}`,
  '\\\n'.repeat(100_000),
])('a hostile file is read in little time', (source) => {
  const spent = processorTime();
  parseMmCfg(Buffer.from(source));
  expect(spent()).toBeLessThan(10_000);
});

test('names of objects are nothing special', () => {
  const { settings } = parseMmCfg(Buffer.from("__proto__ = 'x'\nD = {'__proto__': 1}\nX = constructor\n"));
  expect(settings.get('__proto__')).toBe('x');
  expect({}).not.toHaveProperty('x');
});
