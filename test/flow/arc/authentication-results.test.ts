import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import {
  formatAuthenticationResults,
  formatResult,
  parseAuthenticationResults,
} from '../../../src/flow/arc/authentication-results.ts';
import { processorTime } from '../../support/processor-time.ts';

const PYTHON = process.env.PYTHON3 ?? '/usr/bin/python3';

const hasAuthres = ((): boolean => {
  try {
    execFileSync(PYTHON, ['-c', 'import authres'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** What Debian's python3-authres reads in each value; null where it can read nothing. */
function authres(values: readonly string[]): ({ server: string; results: [string, string][] } | null)[] {
  const program = `
import authres, json, sys
def read(value):
    try:
        header = authres.AuthenticationResultsHeader.parse('Authentication-Results: ' + value)
    except authres.core.SyntaxError:
        return None
    return {'server': header.authserv_id.lower(), 'results': [[r.method.lower(), r.result.lower()] for r in header.results if r.method != 'none']}
print(json.dumps([read(value) for value in json.load(sys.stdin)]))`;
  return JSON.parse(execFileSync(PYTHON, ['-c', program], { input: JSON.stringify(values) }).toString());
}

function read(value: string): { server: string; results: [string, string][] } | null {
  const parsed = parseAuthenticationResults(value);
  return parsed
    ? { server: parsed.server, results: parsed.results.map(({ method, result }) => [method, result]) }
    : null;
}

// The examples of RFC 8601 appendix B, and what filters in use write.
const values = [
  'example.org 1; none',
  'example.com; spf=pass smtp.mailfrom=example.net',
  'example.com; auth=pass (cleartext) smtp.auth=sender@example.net; spf=pass smtp.mailfrom=example.net',
  'example.com; dkim=pass reason="good signature" header.i=@mail-router.example.net; dkim=fail reason="bad signature" header.i=@newyork.example.com',
  "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) . (like that) expired (this surprised me) = (as I wasn't expecting it) 1362471462",
  'mx.google.com; dkim=pass header.i=@example.com header.s=sel header.b="a/b+c=="; spf=pass (google.com: domain of a@example.com designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.com; dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.com',
  'MX.Example.COM; DKIM=Pass header.d=Example.com',
  'example.com; dkim=pass (a (nested; one) "here") header.d=example.com',
];

describe('a field of another server', () => {
  test('names it and each result', () => {
    expect(read(values[2] ?? '')).toEqual({
      server: 'example.com',
      results: [
        ['auth', 'pass'],
        ['spf', 'pass'],
      ],
    });
    expect(read(values[4] ?? '')).toEqual({ server: 'foo.example.net', results: [['dkim', 'fail']] });
    expect(read(values[7] ?? '')).toEqual({ server: 'example.com', results: [['dkim', 'pass']] });
  });

  test.skipIf(!hasAuthres && process.env.CI !== 'true')('is read as python3-authres reads it', () => {
    // It cannot read blanks around the slash of a version.
    const readable = values.filter((value) => !value.includes(' / '));
    expect(readable.map(read)).toEqual(authres(readable));
  });

  test('gives properties without quotes and comments', () => {
    const google = parseAuthenticationResults(values[5] ?? '')?.results[0]?.properties;
    expect(Object.fromEntries(google ?? [])).toEqual({
      'header.i': '@example.com',
      'header.s': 'sel',
      'header.b': 'a/b+c==',
    });
  });

  test.each([
    ['', undefined],
    ['; dkim=pass', undefined],
    ['dkim=pass; spf=pass', undefined],
    ['example.com; dkim=pass (open', undefined],
    ['example.com; dkim=pass reason="open', undefined],
    [`example.com; dkim=pass ${'x'.repeat(20_000)}`, undefined],
    ['example.com; dkim; =pass; dkim pass; 1=2; dkim=pass', [['dkim', 'pass']]],
    [`example.com; dkim=pass header.d=${'x'.repeat(600)}; spf=pass`, [['spf', 'pass']]],
    ['example.com', []],
    ['example.com; dkim=pass\u0000(a) header.d=b; spf=pass\u00a0x', [['dkim', 'pass']]],
  ])('that is broken is not believed further than it can be read: %j', (value, results) => {
    expect(read(value)?.results).toEqual(results);
  });

  test.each(['('.repeat(16_000), `a;${'"'.repeat(16_000)}`, `a;${'b=c '.repeat(4000)}`, '\\('.repeat(8000)])(
    'of many signs takes no time',
    (value) => {
      const spent = processorTime();
      parseAuthenticationResults(value);
      expect(spent()).toBeLessThan(200);
    },
  );
});

describe('our own field', () => {
  const hostile = [
    'a; spf=pass smtp.mailfrom=bank.example',
    'a" spf=pass "b',
    'a\r\nX-Forged: yes',
    '\\',
    'a(b)c',
    'ü.example',
    'x'.repeat(5000),
    '"'.repeat(5000),
  ];

  test('holds no results but ours, whatever somebody calls his domain', () => {
    const ours = hostile.map((value) =>
      formatAuthenticationResults('lists.example.com', [
        formatResult('dkim', 'pass', { comment: value, properties: { 'header.d': value } }),
        formatResult('arc', 'none'),
      ]),
    );
    const expected = hostile.map(() => ({
      server: 'lists.example.com',
      results: [
        ['dkim', 'pass'],
        ['arc', 'none'],
      ],
    }));
    expect(ours.map(read)).toEqual(expected);
    const second = hasAuthres ? authres(ours) : [];
    expect(second.filter((found) => found !== null)).toEqual(
      expected.slice(0, second.filter(Boolean).length),
    );
    expect(ours.join('')).not.toMatch(/[\r\n]/);
  });

  test('says none where nothing was checked', () => {
    expect(formatAuthenticationResults('lists.example.com', [])).toBe('lists.example.com; none');
  });
});
