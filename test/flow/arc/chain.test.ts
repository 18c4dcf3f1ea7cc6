import { afterEach, describe, expect, test } from 'vitest';
import { Message } from '../../../src/message/message.ts';
import { mail } from '../../support/flow.ts';
import { type ArcServer, openArcServer } from './hops.ts';
import { askDkimpy, askMailauth, hasDkimpy, type Verdict } from './judges.ts';
import { type KeyKind, sealingConfig, signedMail, type Zone, zone } from './site.ts';

const servers: ArcServer[] = [];

afterEach(async () => {
  for (const { bench } of servers.splice(0)) await bench.close();
});

async function server(
  dns: Zone,
  domain = 'example.com',
  settings = '',
  kind: KeyKind = 'rsa',
): Promise<ArcServer> {
  const opened = await openArcServer(sealingConfig(dns, domain, settings, kind), dns);
  servers.push(opened);
  return opened;
}

function header(message: Buffer, name: string): string {
  return Message.parse(message).headers.get(name) ?? '';
}

/** What all judges agree on. */
async function judged(message: Buffer, dns: Zone): Promise<Verdict> {
  const verdict = await askMailauth(message, dns);
  if (hasDkimpy || process.env.CI === 'true') expect(askDkimpy(message, dns)).toBe(verdict.arc);
  return verdict;
}

const source = mail({ From: 'Anne <anne@author.example>' });

describe('a post that a list has changed', () => {
  test.each(['rsa', 'ed25519'] as const)('has a valid chain with a key of type %s', async (kind) => {
    const dns = zone({ '_dmarc.author.example': 'v=DMARC1; p=reject' });
    const { through } = await server(dns, 'example.com', '', kind);
    const arrived = await signedMail(source, dns, 'author.example');
    const delivered = await through('ant', arrived);
    expect((await askMailauth(arrived, dns)).dkim).toBe('pass');
    const verdict = await judged(delivered, dns);
    expect(verdict.arc).toBe('pass');
    expect(verdict.dkim).not.toBe('pass');
    expect(header(delivered, 'ARC-Seal')).toContain('cv=none');
    expect(header(delivered, 'ARC-Authentication-Results')).toMatch(
      /^i=1; example\.com; dkim=pass header\.d=author\.example .*; arc=none; dmarc=pass \(p=reject\) header\.from=author\.example$/,
    );
  });

  test('starts with seal, signature and results, in this order', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const delivered = Message.parse(await through('ant', await signedMail(source, dns, 'author.example')));
    expect(delivered.headers.fields.slice(0, 4).map(({ name }) => name)).toEqual([
      'ARC-Seal',
      'ARC-Message-Signature',
      'ARC-Authentication-Results',
      'Authentication-Results',
    ]);
  });

  test('has no line that is too long, whatever stood in it', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const long = mail({
      From: 'anne@author.example',
      'In-Reply-To': `<${'x'.repeat(900)}@y>`,
      To: 'a@b,\n c@d',
    });
    const delivered = await through('ant', Buffer.from(long.replaceAll('\n', '\r\n')));
    const lines = delivered.toString('latin1').split('\r\n');
    expect(lines.every((line) => line.length <= 998)).toBe(true);
    expect((await judged(delivered, dns)).arc).toBe('pass');
  });

  test.each([
    ['no body', ''],
    ['blanks and empty lines at the end', 'a  b\t c \n\n \n\n'],
    ['8-bit characters', 'Gr\xc3\xb6\xc3\x9fe \xa0 x\n'],
    ['one long line', `${'word '.repeat(30_000)}\n`],
  ])('has a valid chain with %s', async (_what, body) => {
    const dns = zone();
    const { through } = await server(dns);
    const text = mail({ From: 'anne@author.example', 'Content-Type': 'text/plain; charset=utf-8' }, body);
    const delivered = await through('ant', Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1'));
    expect((await judged(delivered, dns)).arc).toBe('pass');
  });
});

describe('a list that is a member of another', () => {
  test('hands on a valid chain', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const first = await through('ant', await signedMail(source, dns, 'author.example'));
    const second = await through('bee', first);
    expect(second.length).toBeGreaterThan(first.length);
    expect((await judged(second, dns)).arc).toBe('pass');
    expect(header(second, 'ARC-Seal')).toMatch(/^i=2;.* cv=pass;/);
    expect(header(second, 'ARC-Authentication-Results')).toMatch(/^i=2; example\.com; .*arc=pass \(i=1\)/);
  });

  test('does so across servers with keys of different kinds', async () => {
    const dns = zone();
    const one = await server(dns, 'one.example');
    const two = await server(dns, 'two.example', '', 'ed25519');
    const three = await server(dns, 'three.example');
    let delivered = await signedMail(source, dns, 'author.example');
    for (const { through } of [one, two, three]) delivered = await through('ant', delivered);
    expect((await judged(delivered, dns)).arc).toBe('pass');
    expect(header(delivered, 'ARC-Seal')).toMatch(/^i=3;/);
  });
});

describe('a chain that is broken when it comes', () => {
  async function tampered(dns: Zone): Promise<Buffer> {
    const { through } = await server(dns, 'one.example');
    const sealed = await through('ant', await signedMail(source, dns, 'author.example'));
    return Buffer.from(sealed.toString('latin1').replace('Hello.', 'Goodbye.'), 'latin1');
  }

  test('is closed with a seal that says so, and which covers only its own set', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const delivered = await through('ant', await tampered(dns));
    expect(header(delivered, 'ARC-Seal')).toMatch(/^i=2;.* cv=fail;/);
    expect(header(delivered, 'ARC-Authentication-Results')).toContain('arc=fail');
    expect((await judged(delivered, dns)).arc).toBe('fail');
  });

  test('is not sealed again', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const closed = await through('ant', await tampered(dns));
    const delivered = Message.parse(await through('bee', closed));
    expect(delivered.headers.getAll('ARC-Seal')).toHaveLength(2);
  });

  test('with a set missing gets the instance after the highest', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const one = await through('ant', await signedMail(source, dns, 'author.example'));
    const two = Message.parse(await through('bee', one));
    two.headers.deleteWhere(({ name, raw }) => name === 'ARC-Seal' && raw.includes('i=1;'));
    const delivered = await through('ant', two.toBuffer());
    expect(header(delivered, 'ARC-Seal')).toMatch(/^i=3;.* cv=fail;/);
  });

  test('of which nobody can get the keys is left as it is', async () => {
    const dns = zone();
    const { through } = await server(dns);
    const one = await server(dns, 'one.example');
    const sealed = await one.through('ant', await signedMail(source, dns, 'author.example'));
    dns.records.set('arc._domainkey.one.example', { code: 'ETIMEOUT' });
    const delivered = await through('ant', sealed);
    expect(header(delivered, 'Authentication-Results')).toContain('arc=temperror');
    expect(header(delivered, 'ARC-Seal')).toMatch(/^i=1;/);
  });
});

describe('what is signed', () => {
  test('are the headers of the configuration in its order, each as often as it is there', async () => {
    const dns = zone();
    const { through } = await server(
      dns,
      'example.com',
      'sig_headers: Subject, X-Twice, From, Resent-To, ARC-Seal, Authentication-Results, from\n',
    );
    const text = source.replace('\nTo:', '\nX-Twice: 1\nX-Twice: 2\nTo:');
    const delivered = await through('ant', Buffer.from(text.replaceAll('\n', '\r\n')));
    expect(header(delivered, 'ARC-Message-Signature')).toMatch(/; h=Subject: X-Twice: X-Twice: From; bh=/);
    expect((await judged(delivered, dns)).arc).toBe('pass');
    const swapped = delivered.toString('latin1').replace('X-Twice: 1', 'X-Twice: 3');
    expect((await judged(Buffer.from(swapped, 'latin1'), dns)).arc).toBe('fail');
  });

  // RFC 6376 3.5: digits only.
  test('has a time by our clock, in whole seconds', async () => {
    const dns = zone();
    const { bench, through } = await server(dns);
    bench.clock.advance(0.5);
    const delivered = await through('ant', await signedMail(source, dns, 'a.example'));
    expect(header(delivered, 'ARC-Seal')).toContain('t=1700000000;');
    expect(header(delivered, 'ARC-Message-Signature')).toContain('t=1700000000;');
    expect((await judged(delivered, dns)).arc).toBe('pass');
  });
});

test.skipIf(hasDkimpy || process.env.CI === 'true')(
  'python3-dkim is not installed: mailauth judges alone',
  () => {
    expect(hasDkimpy).toBe(true);
  },
);
