import { expect, it } from 'vitest';
import {
  addressesOfUser,
  allAddressNames,
  deleteAddress,
  findAddress,
  findAddresses,
  insertAddresses,
  preferredAddress,
  setPreferredAddress,
  updateAddress,
  verifyAddresses,
} from '../../src/database/addresses.ts';
import { isDuplicate, isReferenced } from '../../src/database/failures.ts';
import {
  countMembers,
  deleteMembers,
  findMembers,
  insertMembers,
  membershipsOf,
  membershipsOfAll,
  membersOfList,
  respellMemberships,
  updateMember,
} from '../../src/database/members.ts';
import { deleteUser, findUser, findUsers, insertUsers, updateUser } from '../../src/database/users.ts';
import { changeAddress } from '../../src/membership/change-address.ts';
import { ensureAddresses } from '../../src/membership/people.ts';
import type { Preferences } from '../../src/model/preferences.ts';
import { onEachDialect } from './dialects.ts';
import {
  moment,
  sampleAddress,
  sampleList,
  sampleMember,
  sampleUser,
  storeList,
  storeMember,
} from './samples.ts';

const LONG_NAME = 'Ælfgifu 👩‍👩‍👧‍👦 von und zu '.repeat(2000);

const ALL_SET: Preferences = {
  acknowledge_posts: true,
  hide_address: false,
  preferred_language: 'zh_TW',
  receive_list_copy: false,
  receive_own_postings: true,
  delivery_mode: 'summary_digests',
  delivery_status: 'by_bounces',
};

const failure = (work: Promise<unknown>) => work.then(() => undefined).catch((error: unknown) => error);

await onEachDialect('people', (place) => {
  it('have users and addresses that come back as they were', async () => {
    const { connection } = await place.open();
    const user = sampleUser({
      displayName: LONG_NAME,
      password: '$scrypt$\\"\'😀',
      isServerOwner: true,
      preferences: ALL_SET,
    });
    const plain = sampleUser();
    await insertUsers(connection, [user, plain]);
    expect(await findUser(connection, user.userId)).toEqual(user);
    expect(await findUsers(connection, [plain.userId, user.userId, 'nobody'])).toHaveLength(2);
    await updateUser(connection, { ...plain, userId: user.userId });
    expect(await findUser(connection, user.userId)).toEqual({ ...plain, userId: user.userId });
    expect(await findUser(connection, 'nobody')).toBeUndefined();

    const address = sampleAddress("Zoë.O'Neil+tag@Bücher.Example", {
      displayName: LONG_NAME,
      verifiedOn: moment('1970-01-01T00:00:00Z'),
      userId: user.userId,
      preferences: ALL_SET,
    });
    await insertAddresses(connection, [address]);
    expect(await findAddress(connection, "ZOË.o'neil+tag@xn--bcher-kva.example")).toEqual(address);
  });

  it('compare addresses without regard to case, but to nothing else', async () => {
    const { connection } = await place.open();
    const different = [
      'e@example.com',
      'é@example.com',
      'ß@example.com',
      'ss@example.com',
      'a_b@example.com',
      'a.b@example.com',
    ];
    await insertAddresses(
      connection,
      different.map((email) => sampleAddress(email)),
    );
    for (const email of different) {
      const again = insertAddresses(connection, [
        sampleAddress(email.toUpperCase().replace('SS@', 'ss@').replace('ẞ', 'ß')),
      ]);
      if (email.startsWith('ß')) await failure(again);
      else expect(isDuplicate(await failure(again)), email).toBe(true);
      expect((await findAddress(connection, email))?.originalEmail).toBe(email);
    }
    expect((await allAddressNames(connection)).map(({ email }) => email).sort()).toEqual(
      [...different].sort(),
    );
  });

  it('know an international domain in both spellings, and letters in both compositions', async () => {
    const { connection } = await place.open();
    await insertAddresses(connection, [sampleAddress('Anne@Bücher.example')]);
    const spellings = ['anne@bücher.example', 'anne@xn--bcher-kva.example', 'ANNE@BU\u0308CHER.EXAMPLE'];
    for (const spelling of spellings)
      expect((await findAddress(connection, spelling))?.originalEmail, spelling).toBe('Anne@Bücher.example');
  });

  it('keep names clean of what is no character', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const odd = 'a\u0000b\ud800c\udc00d😀';
    const { user } = await storeMember(connection, list, 'anne@example.com', {
      user: { displayName: odd },
      address: { displayName: odd },
      member: { displayName: odd, topics: [odd], legacy: { options: 0, password: odd } },
    });
    const clean = 'a\ufffdb\ufffdc\ufffdd😀';
    expect((await findUser(connection, user.userId))?.displayName).toBe(clean);
    expect((await findAddress(connection, 'anne@example.com'))?.displayName).toBe(clean);
    const [member] = await membersOfList(connection, list.listId, ['member']);
    expect(member).toMatchObject({ displayName: clean, topics: [odd], legacy: { password: odd } });
    await updateUser(connection, { ...user, displayName: odd });
    expect((await findUser(connection, user.userId))?.displayName).toBe(clean);
  });

  it('verify addresses once', async () => {
    const { connection } = await place.open();
    const first = moment('2020-01-01T00:00:00Z');
    const known = sampleAddress('a@example.com', { verifiedOn: first });
    const fresh = sampleAddress('b@example.com');
    await insertAddresses(connection, [known, fresh]);
    const second = moment('2021-01-01T00:00:00Z');
    await verifyAddresses(connection, [known.addressId, fresh.addressId], second);
    const found = await findAddresses(connection, ['a@example.com', 'b@example.com', 'c@example.com']);
    expect([...found].map(([email, { verifiedOn }]) => [email, verifiedOn]).sort()).toEqual([
      ['a@example.com', first],
      ['b@example.com', second],
    ]);
  });

  it('prefer at most one address each', async () => {
    const { connection } = await place.open();
    const [user, other] = [sampleUser(), sampleUser()];
    await insertUsers(connection, [user, other]);
    const one = sampleAddress('one@example.com', { userId: user.userId });
    const two = sampleAddress('two@example.com', { userId: user.userId });
    const hers = sampleAddress('hers@example.com', { userId: other.userId });
    await insertAddresses(connection, [one, two, hers]);
    await setPreferredAddress(connection, other.userId, hers.addressId);
    await setPreferredAddress(connection, user.userId, one.addressId);
    await setPreferredAddress(connection, user.userId, two.addressId);
    expect((await preferredAddress(connection, user.userId))?.email).toBe('two@example.com');
    const second = connection('address').where('email', 'one@example.com').update({ is_preferred: 1 });
    expect(isDuplicate(await failure(second.then()))).toBe(true);
    await setPreferredAddress(connection, user.userId, hers.addressId);
    expect(await preferredAddress(connection, user.userId)).toBeUndefined();
    await setPreferredAddress(connection, user.userId, one.addressId);
    await updateAddress(connection, { ...one, displayName: 'Still preferred' });
    expect((await preferredAddress(connection, user.userId))?.displayName).toBe('Still preferred');
    await updateAddress(connection, { ...one, userId: other.userId });
    expect((await preferredAddress(connection, other.userId))?.email).toBe('hers@example.com');
    expect((await addressesOfUser(connection, other.userId)).map(({ email }) => email)).toEqual([
      'hers@example.com',
      'one@example.com',
    ]);
  });

  it('are made once for each address, whoever asks', async () => {
    const { connection } = await place.open();
    const orphan = sampleAddress('orphan@example.com');
    await insertAddresses(connection, [orphan]);
    const mailboxes = ['New@example.com', 'new@EXAMPLE.com', 'orphan@example.com'].map((address) => ({
      address,
      displayName: 'N',
    }));
    const when = moment('2022-02-02T00:00:00Z');
    const addresses = await ensureAddresses(connection, mailboxes, when);
    expect([...addresses.keys()].sort()).toEqual(['new@example.com', 'orphan@example.com']);
    for (const [email, address] of addresses) {
      expect(address.verifiedOn).toBe(when);
      expect(await findAddress(connection, email)).toEqual(address);
      expect(await findUser(connection, address.userId ?? '')).toBeDefined();
    }
  });
});

await onEachDialect('memberships', (place) => {
  it('come back as they were', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const { member, address } = await storeMember(connection, list, 'Anne@example.com', {
      member: {
        role: 'nonmember',
        displayName: LONG_NAME,
        subscriptionMode: 'as_user',
        moderationAction: 'discard',
        preferences: ALL_SET,
        deliveryStatusSince: moment('2024-02-29T12:00:00.000001Z'),
        subscribedAt: null,
        bounce: {
          score: 0.1 + 0.7,
          lastReceived: moment('2024-01-01T00:00:00Z'),
          lastWarningSent: moment('2024-01-02T00:00:00Z'),
          totalWarningsSent: 3,
        },
        topics: ['Ünï 👻', ''],
        receiveUnmatchedTopics: true,
        legacy: { options: 0x1ff, password: 'säcret', bounceNoticesLeft: 2, bounceCookie: 'c' },
      },
    });
    expect(await membersOfList(connection, list.listId, ['nonmember'])).toEqual([member]);
    const plain = { ...sampleMember(list, address), memberId: member.memberId, topics: [] };
    await updateMember(connection, plain);
    expect(await membershipsOf(connection, address.addressId)).toEqual([plain]);
  });

  it('are one for each list, role and address', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const { address } = await storeMember(connection, list, 'anne@example.com');
    await insertMembers(connection, [
      sampleMember(list, address, { role: 'owner' }),
      sampleMember(list, address, { role: 'moderator' }),
    ]);
    expect(isDuplicate(await failure(insertMembers(connection, [sampleMember(list, address)])))).toBe(true);
    expect(await countMembers(connection, list.listId, ['owner', 'member'])).toBe(2);
    expect(await countMembers(connection, list.listId, [])).toBe(0);
    expect((await membershipsOf(connection, address.addressId)).map(({ role }) => role)).toEqual([
      'member',
      'moderator',
      'owner',
    ]);
    const found = await findMembers(connection, list.listId, 'owner', ['anne@example.com', 'x@example.com']);
    expect([...found.keys()]).toEqual(['anne@example.com']);
    await deleteMembers(
      connection,
      [...found.values()].map(({ memberId }) => memberId),
    );
    expect(await membershipsOfAll(connection, [address.addressId, 'nobody'])).toHaveLength(2);
  });

  it('need a list and an address with this very e-mail', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const { address } = await storeMember(connection, list, 'anne@example.com');
    const wrong = [
      sampleMember(sampleList('bee'), address),
      sampleMember(list, sampleAddress('nobody@example.com')),
      sampleMember(list, { ...address, email: 'other@example.com' }),
    ];
    for (const member of wrong)
      expect(isReferenced(await failure(insertMembers(connection, [member])))).toBe(true);
  });

  it('follow an address that changes, and keep its spelling', async () => {
    const { connection, transaction } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const { address, member } = await storeMember(connection, list, 'anne@example.com');
    await storeMember(connection, list, 'bart@example.com');
    await transaction((inner) => changeAddress(inner, 'ANNE@example.com', 'Annë@Bücher.example'));
    const [moved] = await membershipsOf(connection, address.addressId);
    expect(moved).toEqual({ ...member, email: 'annë@bücher.example', originalEmail: 'Annë@Bücher.example' });
    const taken = transaction((inner) => changeAddress(inner, 'annë@bücher.example', 'Bart@example.com'));
    await expect(taken).rejects.toThrow(/already exists/);
    await respellMemberships(connection, address.addressId, 'ANNË@bücher.example');
    expect((await membershipsOf(connection, address.addressId))[0]?.originalEmail).toBe(
      'ANNË@bücher.example',
    );
  });

  it('go with their address, and that with its user', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const { address } = await storeMember(connection, list, 'anne@example.com');
    const { user } = await storeMember(connection, list, 'bart@example.com');
    await deleteAddress(connection, address.addressId);
    expect((await membersOfList(connection, list.listId, ['member'])).map(({ email }) => email)).toEqual([
      'bart@example.com',
    ]);
    await deleteUser(connection, user.userId);
    expect(await findAddress(connection, 'bart@example.com')).toBeUndefined();
    expect(await countMembers(connection, list.listId, ['member'])).toBe(0);
  });

  it('sort by code points', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const names = ['b', 'a-z', 'a.z', 'a_z', 'az', 'ä', '9', '𝒳', '\uff21'];
    for (const name of names) await storeMember(connection, list, `${name}@example.com`);
    const sorted = (await membersOfList(connection, list.listId, ['member'])).map(({ email }) => email[0]);
    expect(sorted.join('')).toBe(['9', 'a', 'a', 'a', 'a', 'b', 'ä', 'ａ', '𝒳'[0]].join(''));
  });

  it('are added by the ten thousand in seconds', async () => {
    const { connection, transaction } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const count = 20_000;
    const mailboxes = Array.from({ length: count }, (_, index) => ({
      address: `Member.${index}@Example.com`,
      displayName: `Näme ${index} 👻`,
    }));
    const start = performance.now();
    await transaction(async (inner) => {
      const addresses = await ensureAddresses(inner, mailboxes, null);
      await insertMembers(
        inner,
        [...addresses.values()].map((address) => sampleMember(list, address)),
      );
    });
    expect(performance.now() - start).toBeLessThan(60_000);
    expect(await countMembers(connection, list.listId, ['member'])).toBe(count);
    const keys = mailboxes.map(({ address }) => address.toLowerCase());
    expect((await findMembers(connection, list.listId, 'member', keys)).size).toBe(count);
  });
});
