import { expect, it } from 'vitest';
import { insertMembers } from '../../src/database/members.ts';
import { roster, rosterEntry } from '../../src/database/roster.ts';
import {
  noPreferences,
  type Preferences,
  preferenceNames,
  resolvePreferences,
} from '../../src/model/preferences.ts';
import { onEachDialect } from './dialects.ts';
import { sampleList, sampleMember, storeList, storeMember } from './samples.ts';

const set = (changes: Partial<Preferences>): Preferences => ({ ...noPreferences, ...changes });

await onEachDialect('the roster', (place) => {
  it('takes a name from the member, else the address, else the user', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const names = [
      ['M', 'A', 'U'],
      ['', 'A', 'U'],
      ['', '', 'U'],
      ['', '', ''],
    ] as const;
    for (const [index, [member, address, user]] of names.entries()) {
      await storeMember(connection, list, `${index}@example.com`, {
        user: { displayName: user },
        address: { displayName: address },
        member: { displayName: member },
      });
    }
    await storeMember(connection, list, '9@example.com', { address: { userId: null } });
    const entries = await roster(connection, { listId: list.listId }, 'en');
    expect(entries.map(({ displayName }) => displayName)).toEqual(['M', 'A', 'U', '', '']);
    expect(entries.at(-1)?.userId).toBeNull();
  });

  it('takes each preference from the first of member, address, user that sets it, as the model does', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const values: readonly Preferences[] = [
      set({ acknowledge_posts: true, hide_address: false, delivery_mode: 'mime_digests' }),
      set({
        receive_list_copy: false,
        receive_own_postings: false,
        preferred_language: 'de',
        hide_address: true,
      }),
      set({ delivery_status: 'by_user', preferred_language: 'fr', acknowledge_posts: false }),
      noPreferences,
    ];
    const expected = new Map<string, unknown>();
    for (const [m, member] of values.entries()) {
      for (const [a, address] of values.entries()) {
        for (const [u, user] of values.entries()) {
          const email = `${m}${a}${u}@example.com`;
          expected.set(email, resolvePreferences([member, address, user], 'ja'));
          await storeMember(connection, list, email, {
            member: { preferences: member },
            address: { preferences: address },
            user: { preferences: user },
          });
        }
      }
    }
    const entries = await roster(connection, {}, 'ja');
    expect(new Map(entries.map(({ member, preferences }) => [member.email, preferences]))).toEqual(expected);
    expect(Object.keys(entries[0]?.preferences ?? {}).sort()).toEqual([...preferenceNames].sort());
  });

  it('is restricted by list, role and what delivery comes to in the end', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const other = sampleList('bee', { mailHost: 'bee.example', listId: 'bee.bee.example' });
    await storeList(connection, other);
    const { address } = await storeMember(connection, list, 'regular@example.com');
    await insertMembers(connection, [
      sampleMember(list, address, { role: 'owner' }),
      sampleMember(other, address, { preferences: set({ delivery_mode: 'plaintext_digests' }) }),
    ]);
    await storeMember(connection, list, 'digest@example.com', {
      user: { preferences: set({ delivery_mode: 'mime_digests' }) },
    });
    await storeMember(connection, list, 'off@example.com', {
      address: { preferences: set({ delivery_status: 'by_user' }) },
    });
    const seen = async (filter: Parameters<typeof roster>[1]) =>
      (await roster(connection, filter, 'en')).map(
        ({ member }) => `${member.listId[0]}:${member.email.split('@')[0]}:${member.role}`,
      );
    const { listId } = list;
    expect(await seen({})).toEqual([
      'a:digest:member',
      'a:off:member',
      'a:regular:member',
      'a:regular:owner',
      'b:regular:member',
    ]);
    expect(await seen({ listId, roles: ['owner'] })).toEqual(['a:regular:owner']);
    const [owner] = await roster(connection, { roles: ['owner'] }, 'en');
    expect(await rosterEntry(connection, owner?.member.memberId ?? '', 'en')).toEqual(owner);
    expect(await rosterEntry(connection, 'unknown', 'en')).toBeUndefined();
    expect(
      await seen({ listId, roles: ['member'], deliveryModes: ['regular'], deliveryStatuses: ['enabled'] }),
    ).toEqual(['a:regular:member']);
    expect(await seen({ deliveryModes: ['mime_digests', 'plaintext_digests'] })).toEqual([
      'a:digest:member',
      'b:regular:member',
    ]);
    expect(await seen({ deliveryStatuses: ['by_user', 'by_bounces'] })).toEqual(['a:off:member']);
    for (const nothing of [{ roles: [] }, { deliveryModes: [] }, { deliveryStatuses: [] }])
      expect(await seen(nothing)).toEqual([]);
  });
});
