import { describe, expect, test } from 'vitest';
import { type Authentication, authenticate } from '../../../src/flow/arc/authenticate.ts';
import { Message } from '../../../src/message/message.ts';
import { load } from '../../config/helpers.ts';
import { moment } from '../../database/samples.ts';
import { mail } from '../../support/flow.ts';
import { signedMail, type Zone, zone } from './site.ts';

const source = mail({ From: 'Anne <anne@author.example>' });
const NOW = moment('2023-11-14T22:13:20Z');

async function checked(bytes: Buffer | string, dns: Zone, settings = ''): Promise<Authentication> {
  const { ARC } = load(`[ARC]\n${settings}`);
  const message = Message.parse(Buffer.from(bytes));
  return authenticate(message, { ARC, server: 'lists.example.com', resolver: dns, now: NOW });
}

/** The mail with a field on top. */
function below(field: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`Authentication-Results: ${field}\r\n`), bytes]);
}

function crlf(text: string): Buffer {
  return Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1');
}

const REJECT = { '_dmarc.author.example': 'v=DMARC1; p=reject' };

describe('DKIM and DMARC', () => {
  test.each(['rsa', 'ed25519'] as const)('pass for an author who signs with %s', async (kind) => {
    const dns = zone(REJECT);
    const { results, chain } = await checked(await signedMail(source, dns, 'author.example', kind), dns);
    expect(results[0]).toMatch(
      new RegExp(`^dkim=pass header.d=author.example header.s=mail header.a=${kind}-sha256 header.b=\\S+$`),
    );
    expect(results.slice(1)).toEqual(['arc=none', 'dmarc=pass (p=reject) header.from=author.example']);
    expect(chain).toBe('none');
  });

  test('fail for a changed mail', async () => {
    const dns = zone(REJECT);
    const signed = await signedMail(source, dns, 'author.example');
    const { results } = await checked(signed.toString().replace('Hello.', 'Bye.'), dns);
    expect(results[0]).toMatch(/^dkim=fail \(body hash did not verify\) header\.d=author\.example/);
    expect(results[2]).toBe('dmarc=fail (p=reject) header.from=author.example');
  });

  test('of somebody else do not help the author', async () => {
    const dns = zone(REJECT);
    const { results } = await checked(await signedMail(source, dns, 'else.example'), dns);
    expect(results[0]).toMatch(/^dkim=pass header\.d=else\.example/);
    expect(results[2]).toMatch(/^dmarc=fail/);
  });

  test.each(['ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED'])('are open while name servers say %s', async (code) => {
    const dns = zone(REJECT);
    const signed = await signedMail(source, dns, 'author.example');
    dns.records.set('mail._domainkey.author.example', { code });
    const { results } = await checked(signed, dns);
    expect(results[0]).toMatch(/^dkim=temperror \(DNS failure: /);
    expect(results[2]).toBe('dmarc=temperror (p=reject) header.from=author.example');
    dns.records.set('_dmarc.author.example', { code });
    expect((await checked(signed, dns)).results[2]).toBe('dmarc=temperror header.from=author.example');
  });

  test('are not looked at where the site does not want it', async () => {
    const dns = zone(REJECT);
    const signed = await signedMail(source, dns, 'author.example');
    expect((await checked(signed, dns, 'dkim: no\ndmarc: no\n')).results).toEqual(['arc=none']);
    expect((await checked(signed, dns, 'dmarc: no\n')).results).toHaveLength(2);
    // Nothing is known from which DMARC could follow.
    expect((await checked(signed, dns, 'dkim: no\n')).results).toEqual(['arc=none']);
  });

  test('of two authors have no answer', async () => {
    const two = source.replace('\nTo:', '\nFrom: ceo@bank.example\nTo:');
    expect((await checked(crlf(two), zone())).results[2]).toBe('dmarc=permerror (no single author domain)');
  });
});

describe('a server that is believed', () => {
  const TRUSTED = 'trusted_authserv_ids: mx.example.com, Other.example\n';

  test('is not asked twice, and its SPF counts for DMARC', async () => {
    const dns = zone(REJECT);
    const { results } = await checked(
      below('MX.example.com; spf=pass smtp.mailfrom=bounce@author.example; dkim=none', crlf(source)),
      dns,
      TRUSTED,
    );
    expect(results).toEqual([
      'spf=pass smtp.mailfrom=bounce@author.example',
      'dkim=none',
      'arc=none',
      'dmarc=pass (p=reject) header.from=author.example',
    ]);
  });

  test('has the last word about DMARC', async () => {
    const { results } = await checked(
      below(
        'other.example; dkim=pass header.d=a.example; dmarc=fail (p=REJECT) header.from=a.example',
        crlf(source),
      ),
      zone(),
      TRUSTED,
    );
    expect(results).toEqual([
      'dkim=pass header.d=a.example',
      'dmarc=fail (p=REJECT) header.from=a.example',
      'arc=none',
    ]);
  });

  test('may have said it in several fields', async () => {
    const bytes = below('mx.example.com; spf=softfail', below('mx.example.com; dkim=pass', crlf(source)));
    const { results } = await checked(bytes, zone(), `${TRUSTED}dmarc: no\n`);
    expect(results).toEqual(['spf=softfail', 'dkim=pass', 'arc=none']);
  });

  test('does not vouch for what stands below, under its name behind another or under ours', async () => {
    const forged = below('lists.example.com; dkim=pass header.d=bank.example', crlf(source));
    const top = 'mx.example.com; spf=fail';
    const { results } = await checked(below(top, forged), zone(), `${TRUSTED}dmarc: no\n`);
    expect(results).toEqual(['spf=fail', 'dkim=none (message not signed)', 'arc=none']);
    const buried = below('evil.example; x=y', below('mx.example.com; dkim=pass', crlf(source)));
    expect((await checked(buried, zone(), TRUSTED)).results[0]).toBe('dkim=none (message not signed)');
  });

  test('can be ourselves', async () => {
    const bytes = below('LISTS.example.com; dkim=pass header.d=author.example', crlf(source));
    expect((await checked(bytes, zone())).results[0]).toBe('dkim=pass header.d=author.example');
  });

  test('is nobody else', async () => {
    const bytes = below('evil.example; dkim=pass header.d=author.example', crlf(source));
    expect((await checked(bytes, zone(REJECT), TRUSTED)).results).toEqual([
      'dkim=none (message not signed)',
      'arc=none',
      'dmarc=fail (p=reject) header.from=author.example',
    ]);
  });
});

describe('a mail that wants to keep us busy', () => {
  test('gets ten signatures checked and no more', async () => {
    const dns = zone();
    const signed = (await signedMail(source, dns, 'author.example')).toString();
    const [signature = ''] = signed.split(/(?=From: )/);
    const many = Array.from({ length: 500 }, (_, index) => signature.replace('s=mail', `s=mail${index}`));
    const { results } = await checked(many.join('') + signed, dns);
    expect(results.filter((one) => one.startsWith('dkim='))).toHaveLength(10);
    expect(dns.asked.filter((name) => name.includes('_domainkey'))).toHaveLength(10);
  });

  test('makes two questions wait for name servers that do not answer, not ten', async () => {
    const dns = zone();
    const signed = (await signedMail(source, dns, 'author.example')).toString();
    const [signature = ''] = signed.split(/(?=From: )/);
    const many = Array.from({ length: 9 }, (_, index) => {
      dns.records.set(`mail${index}._domainkey.author.example`, { code: 'ETIMEOUT' });
      return signature.replace('s=mail', `s=mail${index}`);
    });
    await checked(many.join('') + signed, dns);
    expect(dns.asked).toHaveLength(2);
  });

  test('by thousands of headers is not checked, and its chain not touched', async () => {
    const dns = zone();
    const lines = 'ARC-Seal: i=1; cv=none; d=a; s=b; b=c\r\n'.repeat(1500);
    const { results, chain } = await checked(lines + crlf(source).toString(), dns);
    expect(results).toEqual(['dkim=permerror (unreadable headers)']);
    expect(chain).toBe('unknown');
    expect(dns.asked).toEqual([]);
  });

  test.each([
    'DKIM-Signature: v=1; a=rsa-sha256; d=a b; s=\x00; h=from; bh=; b=',
    'DKIM-Signature: =;;;=\x01',
    `DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=${'x'.repeat(300)}.example; s=s; h=from; bh=aaaa; b=aaaa`,
    'ARC-Seal: i=1',
    'ARC-Seal: i=99999999999999999999; cv=pass',
    'ARC-Authentication-Results: i=1;;;;\r\nARC-Message-Signature: i=1; h=\r\nARC-Seal: i=1; a=; cv=none',
    'From: \x00\xff@',
  ])('with %j gets an answer', async (field) => {
    const { results } = await checked(
      Buffer.concat([Buffer.from(`${field}\r\n`, 'latin1'), crlf(source)]),
      zone(),
    );
    expect(results.every((text) => /^[\x20-\x7e]+$/.test(text))).toBe(true);
  });
});
