import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressKey,
  domainKey,
  formatMailbox,
  headerAddress,
  isValidAddress,
  isValidDomain,
  parseMailbox,
} from '../../src/model/email-address.ts';
import { listIdOf, parsePostingAddress, postingAddress, subAddress } from '../../src/model/mailing-list.ts';
import { runs } from '../support/properties.ts';

describe('the key of an address', () => {
  it.each([
    ['Anne.Person@Example.COM', 'anne.person@example.com'],
    ['anne@xn--bcher-kva.example', 'anne@bücher.example'],
    ['ANNE@BU\u0308CHER.EXAMPLE', 'anne@bücher.example'],
    ['ÄNNE@example.com', 'änne@example.com'],
    ['用户@例え.テスト', '用户@例え.テスト'],
    ['Odd@Local@example.com', 'odd@local@example.com'],
    ['nobody', 'nobody'],
    ['', ''],
  ])('%s is %s', (address, key) => expect(addressKey(address)).toBe(key));

  it('is the key of itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.domain(), (local, domain) => {
        const key = addressKey(`${local}@${domain}`);
        expect(addressKey(key)).toBe(key);
      }),
      { numRuns: runs(2000) },
    );
  });

  it('of a domain that cannot be encoded is its lower case', () => {
    expect(domainKey('xn--\u0000.Example')).toBe('xn--\u0000.example');
    expect(domainKey('EXAMPLE.com')).toBe('example.com');
  });
});

describe('an address', () => {
  it.each([
    'a@b',
    'anne@example.com',
    "o'neil+x=y@sub.example.com",
    'zoë@bücher.example',
    '用户@例え.テスト',
    '..@x.example',
  ])('%s is valid', (address) => expect(isValidAddress(address)).toBe(true));

  it.each([
    '',
    '@',
    'a',
    'a@',
    '@b',
    'a b@c',
    'a@b c',
    'a@b.',
    'a@.b',
    'a@b..c',
    'a@-b',
    'a@b-',
    'a\n@b',
    'a@b\n',
    'a<@b',
    'a,b@c',
    'a@b@c',
    '"a"@b',
    'a\u0000@b',
    'a\ud800@b',
    'a\u202e@b',
    `${'a'.repeat(320)}@b`,
  ])('%j is not valid', (address) => expect(isValidAddress(address)).toBe(false));

  it('that is valid has a key that can be stored', () => {
    const long = `${'ΐ'.repeat(315)}@b.cd`;
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 340 }), (local) => {
        const address = `${local}@example.com`;
        if (isValidAddress(address)) expect([...addressKey(address)].length).toBeLessThanOrEqual(320);
      }),
    );
    if (isValidAddress(long)) expect([...addressKey(long)].length).toBeLessThanOrEqual(320);
    const growing = `${'İ'.repeat(300)}@b.cd`;
    expect(isValidAddress(growing)).toBe(false);
  });

  it('has a domain of valid labels', () => {
    expect(isValidDomain('a.b-c.d_e.f')).toBe(true);
    expect(isValidDomain(`${'a.'.repeat(130)}b`)).toBe(false);
  });
});

describe('a mailbox', () => {
  it.each([
    ['anne@example.com', 'anne@example.com', ''],
    [' Anne Person <anne@example.com> ', 'anne@example.com', 'Anne Person'],
    ['"Person, Anne \\"A\\"" <anne@example.com>', 'anne@example.com', 'Person, Anne "A"'],
    ['anne@example.com (Anne Person)', 'anne@example.com', 'Anne Person'],
    ['anne@example.com (Anne (the first) Person)', 'anne@example.com', 'Anne (the first) Person'],
    ['<anne@example.com>', 'anne@example.com', ''],
    ['Zoë 👻 <zoë@bücher.example>', 'zoë@bücher.example', 'Zoë 👻'],
  ])('%s', (text, address, displayName) => expect(parseMailbox(text)).toEqual({ address, displayName }));

  it.each(['', ' ', '<>', 'Anne <>', '(Anne)', 'anne>', ')'])('%j is none', (text) =>
    expect(parseMailbox(text)).toBeUndefined(),
  );

  it('is written so that it is read again', () => {
    const name = fc.string({ unit: 'grapheme-ascii' }).map((text) => text.trim());
    fc.assert(
      fc.property(name, (displayName) => {
        const mailbox = { address: 'anne@example.com', displayName };
        expect(parseMailbox(formatMailbox(mailbox))).toEqual(mailbox);
      }),
      { numRuns: runs(2000) },
    );
  });
});

describe('in a header an address', () => {
  it.each([
    ['ünal@bücher.example', 'ünal@xn--bcher-kva.example'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['ünal@Example.COM', 'ünal@Example.COM'],
    ['ünal@2', 'ünal@2'],
  ])('has an international domain in ASCII, and any other as it is: %s', (address, expected) => {
    expect(headerAddress(address)).toBe(expected);
  });
});

describe('a list', () => {
  it('has names that come from its posting address', () => {
    const name = { listName: 'ant', mailHost: 'bücher.example' };
    expect(parsePostingAddress('ANT@xn--bcher-kva.example')).toEqual(name);
    expect(postingAddress(name)).toBe('ant@bücher.example');
    expect(subAddress(name, 'request')).toBe('ant-request@bücher.example');
    expect(listIdOf(name)).toBe('ant.bücher.example');
    for (const text of ['ant', '@example.com', 'ant@', '']) expect(parsePostingAddress(text)).toBeUndefined();
  });
});
