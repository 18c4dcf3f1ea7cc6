import { beforeAll, describe, expect, it } from 'vitest';
import { install } from '../../support/mailman.ts';
import { expectedMember } from './expected-members.ts';
import { translations } from './expected-settings.ts';
import { addressOf, type Exported, expectedLists, exportOf, importSite } from './site.ts';

const server = install();
const exported = new Map<string, Exported>();

beforeAll(() => {
  importSite(server);
  for (const name of expectedLists.keys()) exported.set(name, exportOf(server, addressOf(name)));
});

function listNamed(name: string) {
  const expected = expectedLists.get(name);
  const actual = exported.get(name);
  if (!expected || !actual) throw new Error(`No list ${name}`);
  return { expected, config: expected.config, actual };
}

describe.each([...expectedLists.keys()])('list %s', (name) => {
  it('has every setting', () => {
    const { config, actual } = listNamed(name);
    const wanted: [string, unknown][] = [];
    for (const [old, [name, translate]] of translations) {
      if (old in config) wanted.push([name, translate(config[old], config)]);
    }
    expect(wanted.length).toBeGreaterThan(100);
    const actualOnes = Object.fromEntries(wanted.map(([key]) => [key, actual.settings[key]]));
    expect(actualOnes).toEqual(Object.fromEntries(wanted));
  });

  it('has every member with all that Mailman knew of them', () => {
    const { expected, actual } = listNamed(name);
    const wanted = expected.members.map((member) => expectedMember(member, expected));
    const byAddress = (one: { address?: unknown }, other: { address?: unknown }) =>
      String(one.address) < String(other.address) ? -1 : 1;
    // What they have here only: a key, and which of the values are their own and not their list's.
    const members = actual.members.flatMap(({ member_id: _key, own: _own, ...member }) =>
      member.role === 'member' ? [member] : [],
    );
    expect([...members].sort(byAddress)).toEqual([...wanted].sort(byAddress));
  });

  it('has its owners and moderators, with addresses as they were written', () => {
    const { expected, actual } = listNamed(name);
    const inRole = (wanted: string) =>
      actual.members.filter(({ role }) => role === wanted).map(({ address }) => address);
    expect(inRole('owner').sort()).toEqual([...expected.owners].sort());
    expect(inRole('moderator').sort()).toEqual([...expected.moderators].sort());
  });

  it('has its bans and its nonmembers', () => {
    const { config, actual } = listNamed(name);
    expect(actual.bans).toEqual(config.ban_list);
    const plain = (key: string) =>
      (config[key] as string[]).filter((entry) => entry.includes('@') && !/^[\^@]/.test(entry));
    const wanted = [
      ...plain('accept_these_nonmembers').map((address) => [address, 'defer']),
      ...plain('hold_these_nonmembers').map((address) => [address, 'hold']),
      ...plain('reject_these_nonmembers').map((address) => [address, 'reject']),
      ...plain('discard_these_nonmembers').map((address) => [address, 'discard']),
    ];
    const nonmembers = actual.members.filter(({ role }) => role === 'nonmember');
    expect(nonmembers.map(({ address, moderation_action }) => [address, moderation_action]).sort()).toEqual(
      wanted.sort(),
    );
  });

  it('knows whom it has answered automatically', () => {
    const { config, actual } = listNamed(name);
    const counted = Object.entries(config.hold_and_cmd_autoresponses as Record<string, [number[], number]>);
    const holds = actual.autoresponses.filter(({ kind }) => kind === 'hold');
    expect(holds).toEqual(
      counted
        .map(([email, [day, count]]) => ({ kind: 'hold', email, quiet_until: null, day: isoDay(day), count }))
        .sort((one, other) => (one.email < other.email ? -1 : 1)),
    );
    const quiet = actual.autoresponses.filter(({ kind }) => kind !== 'hold');
    expect(quiet).toHaveLength(
      ['postings_responses', 'admin_responses', 'request_responses']
        .map((key) => Object.keys(config[key] as object).length)
        .reduce((one, other) => one + other),
    );
  });
});

function isoDay([year = 0, month = 0, day = 0]: readonly number[]): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

describe('what lists have of their own', () => {
  it('has header rules in order, with all actions', () => {
    expect(listNamed('announce').actual.header_matches).toEqual([
      { header: 'x-spam-flag', pattern: '^ *yes', action: 'discard', tag: 'header_filter_rules 1' },
      { header: 'subject', pattern: '\\bviagra\\b', action: 'reject', tag: 'header_filter_rules 2' },
      { header: 'subject', pattern: 'lottery', action: 'reject', tag: 'header_filter_rules 2' },
      { header: 'x-mailer', pattern: '^Bulk', action: 'hold', tag: 'header_filter_rules 3' },
      { header: 'subject', pattern: '[ä\ufffd]rger', action: 'hold', tag: 'header_filter_rules 4' },
      { header: 'list-id', pattern: 'announce', action: 'accept', tag: 'header_filter_rules 5' },
      { header: '*', pattern: '^X-Defer-Me', action: 'defer', tag: 'header_filter_rules 6' },
    ]);
  });

  it('takes aliases as patterns at the start of an address, and the name of the list at any host', () => {
    expect(listNamed('announce').actual.settings.acceptable_aliases).toEqual([
      '^announce@example\\.com',
      '^all@.*\\.example\\.org',
      '^old-announce@lists.example.com',
      '^announce@',
    ]);
    expect(listNamed('c++-users.v2').actual.settings.acceptable_aliases).toEqual([
      '^c\\+\\+@example.com',
      '^c\\+\\+-users\\.v2@',
    ]);
  });

  it('mitigates DMARC as the list did', () => {
    const names = ['from_is_list', 'dmarc_mitigate_action', 'dmarc_mitigate_unconditionally'] as const;
    const dmarc = (list: string) => names.map((name) => listNamed(list).actual.settings[name]);
    expect(dmarc('plain')).toEqual(['no_mitigation', 'no_mitigation', false]);
    expect(dmarc('announce')).toEqual(['no_mitigation', 'munge_from', false]);
    expect(dmarc('friends-org')).toEqual(['no_mitigation', 'wrap_message', false]);
    expect(dmarc('c++-users.v2')).toEqual(['no_mitigation', 'reject', false]);
    expect(dmarc('topics-digest')).toEqual(['no_mitigation', 'discard', false]);
    expect(dmarc('chapter-south')).toEqual(['no_mitigation', 'munge_from', true]);
    expect(dmarc('chapter-north')).toEqual(['no_mitigation', 'wrap_message', true]);
  });

  it('keeps what has no meaning here', () => {
    const { legacy_settings } = listNamed('topics-digest').actual;
    expect(legacy_settings).toMatchObject({
      data_version: 112,
      next_post_number: 1,
      pipeline: ['SpamDetect', 'Approve', 'Moderate', 'Hold', 'NoSuchHandler', 'ToOutgoing'],
      some_old_patch_attribute: { k: [1, 2.5, null, true] },
      use_dollar_strings: 1,
    });
    expect(listNamed('announce').actual.legacy_settings.send_reminders).toBe(0);
  });
});

describe('one person on several lists', () => {
  it('keeps name and spelling of each', () => {
    const found = (address: string) =>
      [...exported.values()]
        .flatMap(({ members }) => members)
        .filter((member) => member.address.toLowerCase() === address && member.role === 'member')
        .map(({ address, display_name }) => `${display_name} <${address}>`)
        .sort();
    expect(found('shared@example.org')).toEqual([
      'S. Person <Shared@example.org>',
      'Shared Person <shared@example.org>',
      'Shared, with another name <shared@example.org>',
    ]);
    expect(found('bert@example.net')).toEqual([' <bert@example.net>', 'Bert <bert@example.net>']);
  });
});
