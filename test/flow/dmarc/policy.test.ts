import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dmarcPolicy } from '../../../src/flow/dmarc/policy.ts';
import { type FlowBench, openFlowBench } from '../../support/flow.ts';
import { type Zone, zone } from '../arc/site.ts';

let dns: Zone;
let bench: FlowBench;

beforeEach(async () => {
  dns = zone();
  bench = await openFlowBench({ resolver: dns });
});

afterEach(() => bench.close());

async function policyOf(domain: string): Promise<string | undefined> {
  let policy: string | undefined;
  await bench.step(async (step) => {
    policy = await dmarcPolicy(step, domain);
  });
  return policy;
}

test.each([
  ['v=DMARC1; p=reject', 'reject'],
  ['v=DMARC1;p=quarantine;pct=0', 'quarantine'],
  ['v=DMARC1; p=none; rua=mailto:a@b', 'none'],
  [' v = DMARC1 ; P = Reject ', 'reject'],
  ['v=DMARC1', undefined],
  ['v=DMARC1; sp=reject', undefined],
  ['v=DMARC1; p=reject-all', undefined],
  ['v=DMARC1; xp=reject', undefined],
  ['v=DMARC1; p=none; p=reject', 'none'],
  ['v=DMARC12; p=reject', undefined],
  ['p=reject; v=DMARC1', undefined],
  ['v=spf1 -all', undefined],
])('%j asks for %s', async (record, policy) => {
  dns.records.set('_dmarc.example.net', record);
  expect(await policyOf('example.net')).toBe(policy);
});

test('a record in pieces is one', async () => {
  dns.records.set('_dmarc.example.net', `v=DMARC1; rua=mailto:${'x'.repeat(300)}@example.net; p=reject`);
  expect(await policyOf('example.net')).toBe('reject');
});

test('of several records none counts, but others beside one do no harm', async () => {
  dns.records.set('_dmarc.example.net', ['v=DMARC1; p=reject', 'v=DMARC1; p=none']);
  dns.records.set('_dmarc.example.org', ['v=spf1 -all', 'v=DMARC1; p=reject']);
  expect(await policyOf('example.net')).toBeUndefined();
  expect(await policyOf('example.org')).toBe('reject');
});

describe('the organisational domain', () => {
  test.each([
    ['mail.example.co.uk', 'example.co.uk'],
    ['a.b.c.example.com', 'example.com'],
    ['www.city.kobe.jp', 'city.kobe.jp'],
    ['a.b.www.ck', 'www.ck'],
    ['x.y.something.ck', 'y.something.ck'],
    ['a.b.github.io', 'b.github.io'],
    ['sub.unheard-of.example', 'unheard-of.example'],
    ['mail.食狮.公司.cn', 'xn--85x722f.xn--55qx5d.cn'],
  ])('of %s is %s', async (domain, organisational) => {
    dns.records.set(`_dmarc.${organisational}`, 'v=DMARC1; p=reject');
    expect(await policyOf(domain)).toBe('reject');
    expect(dns.asked).toHaveLength(2);
  });

  test.each(['co.uk', 'com', 'localhost'])('of %s does not exist', async (domain) => {
    expect(await policyOf(domain)).toBeUndefined();
    expect(dns.asked).toEqual([`_dmarc.${domain}`]);
  });

  test.each([
    ['v=DMARC1; p=none; sp=reject', 'reject'],
    ['v=DMARC1; p=reject; sp=none', 'none'],
    ['v=DMARC1; p=quarantine', 'quarantine'],
    ['v=DMARC1; p=quarantine; sp=whatever', 'quarantine'],
  ])('that says %j wants %s of its subdomains', async (record, policy) => {
    dns.records.set('_dmarc.example.net', record);
    expect(await policyOf('mail.example.net')).toBe(policy);
  });

  // RFC 7489 6.6.3: asked is where there are no records.
  test.each([
    ['v=DMARC1; p=none', 'none'],
    ['v=DMARC1; rua=mailto:dmarc@example.net', undefined],
    ['v=DMARC1; p=', undefined],
    ['v=DMARC1', undefined],
  ])('is not asked where the domain itself says %j', async (record, policy) => {
    dns.records.set('_dmarc.mail.example.net', record);
    dns.records.set('_dmarc.example.net', 'v=DMARC1; p=reject');
    expect(await policyOf('mail.example.net')).toBe(policy);
  });

  test.each([
    ['v=spf1 -all', 'google-site-verification=x'],
    ['v=DMARC1; p=none', 'v=DMARC1; p=none'],
  ])('is asked where the domain says %j and %j', async (...records) => {
    dns.records.set('_dmarc.mail.example.net', records);
    dns.records.set('_dmarc.example.net', 'v=DMARC1; p=reject');
    expect(await policyOf('mail.example.net')).toBe('reject');
  });
});

describe('name servers that fail', () => {
  test.each(['ESERVFAIL', 'ETIMEOUT', 'EREFUSED', 'ECONNREFUSED'])('%s counts as reject', async (code) => {
    dns.records.set('_dmarc.example.net', { code });
    expect(await policyOf('example.net')).toBe('reject');
  });

  test('are asked again after a minute', async () => {
    dns.records.set('_dmarc.example.net', { code: 'ESERVFAIL' });
    await policyOf('example.net');
    dns.records.set('_dmarc.example.net', 'v=DMARC1; p=none');
    expect(await policyOf('example.net')).toBe('reject');
    bench.clock.advance(61);
    expect(await policyOf('example.net')).toBe('none');
  });

  test.each(['ENOTFOUND', 'ENODATA', 'EBADNAME'])('%s is no failure', async (code) => {
    dns.records.set('_dmarc.example.net', { code });
    expect(await policyOf('example.net')).toBeUndefined();
  });
});

test('an answer counts for an hour, also one that there is nothing', async () => {
  await policyOf('example.net');
  dns.records.set('_dmarc.example.net', 'v=DMARC1; p=reject');
  bench.clock.advance(3599);
  expect(await policyOf('Example.NET.')).toBeUndefined();
  bench.clock.advance(2);
  expect(await policyOf('example.net')).toBe('reject');
});

test.each([
  '[192.0.2.1]',
  'a..b',
  '',
  '.',
  'a b.example',
  `${'a'.repeat(64)}.example`,
  `${'a.'.repeat(130)}example`,
  'exa\0mple.net',
  'example.net\r\nX: y',
])('%j is no domain that anybody is asked about', async (domain) => {
  expect(await policyOf(domain)).toBeUndefined();
  expect(dns.asked).toEqual([]);
});

test('what a record says does not break the log', async () => {
  dns.records.set('_dmarc.example.net', `v=DMARC1; p=reject; x=\n\x1b[2J${'y'.repeat(1000)}`);
  await policyOf('example.net');
  const { logged } = bench.services;
  expect(logged[0]?.line).toMatch(
    /^DMARC lookup for example\.net found p=reject in _dmarc\.example\.net = v=DMARC1; p=reject; x=\?\?\[2Jy+$/,
  );
  expect(logged[0]?.line.length).toBeLessThan(300);
});
