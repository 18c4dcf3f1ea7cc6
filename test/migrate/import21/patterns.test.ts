import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { convertConfig } from '../../../migrate/import21/convert.ts';
import { type PickleValue, PyBytes, PyDict, PyTuple } from '../../../migrate/pickle/values.ts';
import { ANY_HEADER, type HeaderMatch } from '../../../src/model/header-match.ts';
import { tryCompilePattern } from '../../../src/model/pattern.ts';
import { runs } from '../../support/properties.ts';
import { PYTHON3 } from '../pickle/judge.ts';

/** Regular expressions of Mailman 2.1 find here what Python finds there. */

type Job = readonly [kind: 'header' | 'alias', pattern: string, texts: readonly string[]];

function askPython(jobs: readonly Job[]): (readonly boolean[] | null)[] {
  const script = fileURLToPath(new URL('python-search.py', import.meta.url));
  const { stdout } = spawnSync(PYTHON3, [script], {
    input: jobs.map((job) => `${JSON.stringify(job)}\n`).join(''),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as boolean[] | null);
}

function convert(settings: Readonly<Record<string, PickleValue>>) {
  const config = new PyDict(Object.entries(settings).map(([key, value]) => [new PyBytes(key), value]));
  const list = { listName: 'ant', mailHost: 'example.com' };
  return convertConfig(config, { list, charset: undefined, languages: new Set(['en']) });
}

function headerMatch(pattern: string): HeaderMatch | undefined {
  return convert({ header_filter_rules: [new PyTuple([pattern, 3, false])] }).headerMatches[0];
}

/** What a header match does with one header of a message. */
function hits({ header, pattern }: HeaderMatch, name: string, value: string): boolean {
  const compiled = tryCompilePattern(pattern);
  if (!compiled) return false;
  if (header === ANY_HEADER) return compiled.test(`${name}: ${value}`);
  return header === name.toLowerCase() && compiled.test(value);
}

const NAMES = ['Subject', 'X-Spam-Flag', 'X-Spam', 'To', 'List-Id', 'X.Odd'];
const VALUES = [
  '',
  'yes',
  'YES',
  ' yes',
  'Buy viagra now',
  'spam: yes',
  '-- ',
  'a|b',
  'Subject: yes',
  '[x]',
  '5*',
];
const LINES = NAMES.flatMap((name) => VALUES.map((value) => [name, value] as const));

function expectSameAsPython(patterns: readonly string[]): void {
  const texts = LINES.map(([name, value]) => `${name}: ${value}`);
  const answers = askPython(patterns.map((pattern) => ['header', pattern, texts]));
  for (const [index, pattern] of patterns.entries()) {
    const wanted = answers[index];
    const match = headerMatch(pattern);
    if (!wanted || !match) continue;
    const found = LINES.filter(([name, value]) => hits(match, name, value));
    expect({ pattern, match, found }).toEqual({
      pattern,
      match,
      found: LINES.filter((_, line) => wanted[line]),
    });
  }
}

describe('header rules', () => {
  it('find the headers that Python finds', () => {
    expectSameAsPython([
      '^Subject:.*viagra',
      '^Subject: viagra',
      '^Subject: .*viagra',
      '^subject:viagra',
      '^Subject:\\s*yes',
      '^Subject:\\s*$',
      '^Subject:$',
      '^Subject: $',
      '^Subject:',
      '^Subject: *yes$',
      '^Subject: +yes',
      '^Subject: ?yes',
      '^Subject: {1,2}yes',
      '^Subject:.+yes',
      '^Subject:.{0,3}yes',
      '^Subject:.*?yes',
      '^Subject:.*$',
      '^Subject:.*|^To:.*yes',
      '^Subject:(?:.*yes|.*viagra)',
      '^Subject:[ ]yes',
      '^Subject:[]|]',
      '^Subject: \\[x\\]',
      '^(?:Subject|To): yes',
      '^X-Spam.*: yes',
      '^X\\-Spam\\-Flag: yes',
      '^X.Odd: yes',
      '^X.Spam: yes',
      '^..:.*',
      '^X\\.Odd: yes',
      'Subject: yes',
      'yes',
      'spam: yes',
      ': yes$',
      '^Subject: \\byes\\b',
      '^Subject:\\b',
      '^Subject:\\Byes',
      '^Subject:(?= yes)',
      '^Subject:(?! yes)',
      '^Subject: (?<=: )yes',
      '^Subject: ^yes',
      '^Subject:^ yes',
      '^Subject: 5\\*',
      '^[sS]ubject: yes',
    ]);
  });

  it('do so whatever they are made of', () => {
    const piece = fc.constantFrom(
      ...[
        '.*',
        '.',
        ' ',
        ' *',
        ' +',
        'yes',
        'viagra',
        '$',
        '^',
        '|',
        '\\b',
        '\\s',
        '\\s*',
        '[^y]',
        '(?:',
        ')',
        '(',
        '?',
        '+',
        '*',
      ],
      ...['[ ]', ':', 'Subject', '\\S+', '\\W', '.+', '.?', '{2}', '-', '(?=', '(?!', '(?<= )', '\\A', '\\Z'],
    );
    const start = fc.constantFrom('^Subject:', '^Subject: ', '^X-Spam-Flag:', '^To:', '', '^', 'Subject:');
    const pattern = fc
      .tuple(start, fc.array(piece, { maxLength: 6 }))
      .map(([head, rest]) => head + rest.join(''));
    // Newer Pythons know possessive quantifiers; Python 2 did not, and refused to repeat what has no width.
    const sameInPython2 = pattern.filter((made) => !/[*+?}]\+|[\^$bAZ)][*+?{]/.test(made));
    expectSameAsPython(fc.sample(sameInPython2, runs(400)));
  });

  it('are named where they are none, where they are comments, and where their action is unknown', () => {
    const { headerMatches, notes, legacySettings, members } = convert({
      header_filter_rules: [
        new PyTuple(['# old rule\r\nX-Bad: [\r\n\r\n^X-One: 1', 3, false]),
        new PyTuple(['^X-Two: 2', 99, false]),
        new PyTuple(['^X-One: 1', 7, false]),
      ],
    });
    expect(headerMatches).toEqual([
      { header: '*', pattern: 'X-Bad: [', action: 'discard', tag: 'header_filter_rules 1' },
      { header: 'x-one', pattern: '^1', action: 'discard', tag: 'header_filter_rules 1' },
    ]);
    Array.from(members());
    expect(legacySettings.has('header_filter_rules')).toBe(true);
    const texts = notes.all.map(({ text }) => text).join('\n');
    for (const words of [
      'is no regular expression',
      'is a comment',
      'cannot be understood',
      'is there twice',
    ])
      expect(texts).toContain(words);
  });
});

describe('aliases', () => {
  const ADDRESSES = [
    'old@example.com',
    'older@example.com',
    'OLD@other.example',
    'very.old@example.com',
    'a@b',
    'ant@elsewhere.example',
    'x+y@example.com',
    'all@a.example.org',
    'foo(@example.com',
  ];

  it('match what Mailman 2.1 matches', () => {
    const patterns = [
      ...['old@example.com', '^old', 'old', 'old$', '^old$', '.*old', '^.*old$', 'old|older', '^a$|^old$'],
      ...[
        'old@example\\.com$',
        'a@b|all@',
        '^all@.*\\.example\\.org',
        'x+y@',
        'x\\+y@',
        'foo(',
        '(old|a)$',
        '[$]old',
      ],
    ];
    const answers = askPython(patterns.map((pattern) => ['alias', pattern, ADDRESSES]));
    for (const [index, pattern] of patterns.entries()) {
      const aliases = convert({ acceptable_aliases: new PyBytes(`\n${pattern}\n`) }).settings
        .acceptable_aliases;
      const [alias = ''] = aliases ?? [];
      expect(alias).toMatch(/^\^/);
      const found = ADDRESSES.filter((address) => tryCompilePattern(alias)?.test(address));
      expect([pattern, alias, found]).toEqual([
        pattern,
        alias,
        ADDRESSES.filter((_, line) => answers[index]?.[line]),
      ]);
    }
  });

  it("take the list's name at any host", () => {
    const { settings } = convert({ acceptable_aliases: new PyBytes('\n') });
    expect(settings.acceptable_aliases).toEqual(['^ant@']);
  });
});
