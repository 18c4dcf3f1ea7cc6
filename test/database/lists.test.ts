import { describe, expect, it } from 'vitest';
import { autoresponsesOf, replaceAutoresponses } from '../../src/database/autoresponses.ts';
import { bansFor, bansOf, insertBans } from '../../src/database/bans.ts';
import {
  allDomains,
  deleteDomain,
  deleteDomainOwners,
  domainOwners,
  findDomain,
  insertDomain,
  insertDomainOwner,
  updateDomain,
} from '../../src/database/domains.ts';
import { isDuplicate, isReferenced } from '../../src/database/failures.ts';
import { headerMatchesOf, replaceHeaderMatches } from '../../src/database/header-matches.ts';
import {
  allLists,
  deleteList,
  findList,
  insertList,
  lockList,
  updateList,
  updateSettings,
} from '../../src/database/lists.ts';
import { membershipsOf } from '../../src/database/members.ts';
import { putTemplate, templatesOf } from '../../src/database/templates.ts';
import { insertUsers } from '../../src/database/users.ts';
import { initialSettings, type ListSettings, settingNames } from '../../src/model/settings/index.ts';
import { onEachDialect } from './dialects.ts';
import { moment, sampleList, sampleUser, storeList, storeMember } from './samples.ts';

const AWKWARD = 'Zoë 👩‍👩‍👧 𝒳 “quoted” \\ \' " % _ \u0000 \ud800 \r\n\t ünïcödé';

/** Every setting changed to something of its kind that is not its initial value. */
function unusualSettings(): ListSettings {
  const unusual = (value: unknown): unknown => {
    if (typeof value === 'boolean') return !value;
    if (typeof value === 'number') return value + 7;
    if (Array.isArray(value)) return [AWKWARD, '^.*@evil\\.example$', ''];
    return value;
  };
  const initial = initialSettings();
  const changed = Object.fromEntries(settingNames.map((name) => [name, unusual(initial[name])]));
  return {
    ...(changed as unknown as ListSettings),
    info: AWKWARD.repeat(5000),
    bounce_score_threshold: 0.1 + 0.2,
    topics: [{ name: AWKWARD, patterns: 'a\nb', description: '' }],
    moderator_password: '$scrypt$…',
  };
}

await onEachDialect('lists', (place) => {
  it('give back every setting and legacy setting as it was', async () => {
    const { connection } = await place.open();
    const list = sampleList('ant', {
      settings: unusualSettings(),
      legacySettings: { [AWKWARD]: [1, 0.1, -5e300, null, true, { deep: [AWKWARD] }], big: 2 ** 53 - 1 },
      createdAt: moment('0001-01-01T00:00:00.000000Z'),
      lastPostAt: moment('9999-12-31T23:59:59.999999Z'),
      digestLastSentAt: moment('2024-02-29T12:00:00.000001Z'),
      postId: 2_147_483_647,
      nextRequestId: 12,
      volume: 34,
      nextDigestNumber: 56,
      usenetWatermark: 78,
    });
    await storeList(connection, list);
    expect(await findList(connection, 'ant.example.com')).toEqual(list);
    const plain = sampleList('ant', { lastPostAt: null });
    await updateList(connection, plain);
    expect(await findList(connection, 'ant@example.com')).toEqual(plain);
  });

  it('are found by posting address or List-Id in any case', async () => {
    const { connection } = await place.open();
    await storeList(
      connection,
      sampleList('ant', { listId: 'ant.bücher.example', mailHost: 'bücher.example' }),
    );
    for (const spec of [
      'ant@bücher.example',
      'ANT@BÜCHER.example',
      'Ant@xn--bcher-kva.example',
      'Ant.Bücher.Example',
    ])
      expect((await findList(connection, spec))?.listName, spec).toBe('ant');
    for (const spec of ['ant', 'ant@', '@bücher.example', 'ant@bucher.example', 'ant.bucher.example', ''])
      expect(await findList(connection, spec), spec).toBeUndefined();
  });

  it('sort by code points, those of one domain alone too', async () => {
    const { connection } = await place.open();
    await insertDomain(connection, { mailHost: 'other.example', description: null, aliasDomain: null });
    await storeList(connection, sampleList('b'));
    for (const name of ['a_b', 'a-b', 'ab', 'a.b', 'é', 'z']) await insertList(connection, sampleList(name));
    await insertList(connection, sampleList('b', { listId: 'b.other.example', mailHost: 'other.example' }));
    const names = async (mailHost?: string) =>
      (await allLists(connection, mailHost)).map(({ listId }) => listId.replace(/\.example\.com$/, ''));
    expect(await names()).toEqual(['a-b', 'a.b', 'a_b', 'ab', 'b', 'b.other.example', 'z', 'é']);
    expect(await names('Other.Example')).toEqual(['b.other.example']);
  });

  it('are unique, and need their domain', async () => {
    const { connection } = await place.open();
    await storeList(connection, sampleList('ant'));
    const again = insertList(connection, sampleList('ant', { listId: 'other.example.com' }));
    expect(isDuplicate(await again.catch((error: unknown) => error))).toBe(true);
    const homeless = insertList(connection, sampleList('bee', { mailHost: 'nowhere.example' }));
    expect(isReferenced(await homeless.catch((error: unknown) => error))).toBe(true);
  });

  it('change some settings without touching those that others changed', async () => {
    const { connection, transaction } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    await transaction((inner) => updateSettings(inner, list, { description: 'One' }));
    const changed = await transaction((inner) => updateSettings(inner, list, { info: 'Two' }));
    expect(changed.settings).toMatchObject({ description: 'One', info: 'Two' });
    expect(await findList(connection, 'ant@example.com')).toEqual(changed);
    await expect(updateSettings(connection, list, { description: 'two\nlines' })).rejects.toThrow(
      /description/,
    );
  });

  it('go with all that is theirs', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const { address } = await storeMember(connection, list, 'anne@example.com');
    await insertBans(connection, [{ listId: list.listId, email: 'eve@example.com' }]);
    await replaceHeaderMatches(connection, list.listId, [
      { header: 'x-spam', pattern: 'yes', action: null, tag: null },
    ]);
    await putTemplate(
      connection,
      { scope: 'list', listId: list.listId },
      { name: 'a', language: '', source: { text: '' } },
    );
    await replaceAutoresponses(connection, list.listId, [
      { kind: 'owner', email: '', quietUntil: null, day: null, count: 0 },
    ]);
    await deleteList(connection, list.listId);
    expect(await membershipsOf(connection, address.addressId)).toEqual([]);
    for (const table of ['member', 'ban', 'header_match', 'template', 'autoresponse'])
      expect(await connection(table).select(), table).toEqual([]);
    expect(await connection('address').select()).toHaveLength(1);
  });

  it('keep counters right when two connections count at once', async () => {
    const url = await place.freshUrl();
    const one = await place.openUrl(url);
    const other = await place.openUrl(url);
    await storeList(one.connection, sampleList('ant'));
    const take = (database: typeof one) =>
      database.transaction(async (connection) => {
        const list = await lockList(connection, 'ant@example.com');
        if (!list) throw new Error('The list is gone');
        await updateList(connection, { ...list, postId: list.postId + 1 });
        return list.postId;
      });
    const taken = await Promise.all(Array.from({ length: 60 }, (_, index) => take(index % 2 ? one : other)));
    expect(taken.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
  });
});

await onEachDialect('domains', (place) => {
  it('are stored, changed and found in any spelling', async () => {
    const { connection } = await place.open();
    await insertDomain(connection, {
      mailHost: 'BÜCHER.example',
      description: AWKWARD,
      aliasDomain: 'ferry.invalid',
    });
    await insertDomain(connection, { mailHost: 'a.example', description: null, aliasDomain: null });
    expect((await allDomains(connection)).map(({ mailHost }) => mailHost)).toEqual([
      'a.example',
      'bücher.example',
    ]);
    await updateDomain(connection, 'xn--bcher-kva.EXAMPLE', { description: null });
    await updateDomain(connection, 'bücher.example', {});
    expect(await findDomain(connection, 'Bücher.example')).toEqual({
      mailHost: 'bücher.example',
      description: null,
      aliasDomain: 'ferry.invalid',
    });
  });

  it('have owners, each once', async () => {
    const { connection } = await place.open();
    const user = sampleUser();
    await insertUsers(connection, [user]);
    await insertDomain(connection, { mailHost: 'a.example', description: null, aliasDomain: null });
    await insertDomainOwner(connection, 'A.example', user.userId);
    await insertDomainOwner(connection, 'a.example', user.userId);
    expect(await domainOwners(connection, 'a.EXAMPLE')).toEqual([user.userId]);
    await deleteDomainOwners(connection, 'a.example');
    expect(await domainOwners(connection, 'a.example')).toEqual([]);
  });

  it('stay while they have lists', async () => {
    const { connection } = await place.open();
    await storeList(connection, sampleList('ant'));
    const refused: unknown = await deleteDomain(connection, 'example.com').catch((error: unknown) => error);
    expect(isReferenced(refused)).toBe(true);
    await deleteList(connection, 'ant.example.com');
    await deleteDomain(connection, 'example.com');
    expect(await allDomains(connection)).toEqual([]);
  });
});

await onEachDialect('what belongs to a list', (place) => {
  it('bans count once each, however long', async () => {
    const { connection } = await place.open();
    await storeList(connection, sampleList('ant'));
    const long = `^${'ä|'.repeat(3000)}@example\\.com$`;
    const bans = [long, 'eve@example.com', `Odd ${AWKWARD}`].map((email) => ({
      listId: 'ant.example.com',
      email,
    }));
    await insertBans(connection, bans);
    await insertBans(connection, [...bans, { listId: null, email: 'eve@example.com' }]);
    await insertBans(connection, [{ listId: null, email: 'eve@example.com' }]);
    expect((await bansOf(connection, 'ant.example.com')).map(({ email }) => email.length)).toEqual(
      bans.map(({ email }) => email.length),
    );
    expect(await bansFor(connection, 'ant.example.com')).toHaveLength(4);
    expect(await bansOf(connection, null)).toEqual([{ listId: null, email: 'eve@example.com' }]);
  });

  it('header matches keep their order', async () => {
    const { connection } = await place.open();
    await storeList(connection, sampleList('ant'));
    const matches = [
      { header: 'x-spam-flag', pattern: 'yes', action: 'discard', tag: 'spam' },
      { header: '*', pattern: '^Subject: .*👻'.padEnd(3000, 'x'), action: null, tag: null },
      { header: 'x-spam-flag', pattern: 'yes', action: 'hold', tag: null },
    ] as const;
    await replaceHeaderMatches(connection, 'ant.example.com', matches);
    await replaceHeaderMatches(connection, 'ant.example.com', [...matches].reverse());
    expect(await headerMatchesOf(connection, 'ant.example.com')).toEqual([...matches].reverse());
    await replaceHeaderMatches(connection, 'ant.example.com', []);
    expect(await headerMatchesOf(connection, 'ant.example.com')).toEqual([]);
  });

  it('autoresponses are replaced as a whole', async () => {
    const { connection } = await place.open();
    await storeList(connection, sampleList('ant'));
    const responses = [
      { kind: 'hold', email: 'a@example.com', quietUntil: null, day: '2024-02-29', count: -1 },
      { kind: 'owner', email: '', quietUntil: moment('2024-02-29T12:00:00Z'), day: null, count: 0 },
    ] as const;
    await replaceAutoresponses(connection, 'ant.example.com', responses);
    await replaceAutoresponses(connection, 'ant.example.com', responses);
    expect(await autoresponsesOf(connection, 'ant.example.com')).toEqual(responses);
  });

  describe('templates', () => {
    it('are one per context, name and language, also when set at once', async () => {
      const { connection } = await place.open();
      await storeList(connection, sampleList('ant'));
      const contexts = [
        { scope: 'site' },
        { scope: 'domain', mailHost: 'example.com' },
        { scope: 'list', listId: 'ant.example.com' },
      ] as const;
      for (const context of contexts) {
        await Promise.all(
          ['one', 'two', 'three'].map((text) =>
            putTemplate(connection, context, { name: 'list:x', language: 'de', source: { text } }),
          ),
        );
        const remote = { uri: 'https://x.example/$list', username: 'u', password: null };
        await putTemplate(connection, context, { name: 'list:x', language: '', source: remote });
        await putTemplate(connection, context, { name: 'list:x', language: 'de', source: { text: '👻\n' } });
        expect(await templatesOf(connection, context)).toEqual([
          { name: 'list:x', language: '', source: remote },
          { name: 'list:x', language: 'de', source: { text: '👻\n' } },
        ]);
      }
    });
  });
});
