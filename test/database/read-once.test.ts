import { expect, it } from 'vitest';
import { updateAddress } from '../../src/database/addresses.ts';
import { bansFor, insertBans } from '../../src/database/bans.ts';
import type { Connection } from '../../src/database/handle.ts';
import {
  findList,
  holdList,
  insertList,
  notePost,
  takePostNumber,
  updateSettings,
} from '../../src/database/lists.ts';
import { deleteMembers, insertMembers, updateMember } from '../../src/database/members.ts';
import { trustReads } from '../../src/database/read-once.ts';
import { memberToAcknowledge, regularRecipients } from '../../src/database/recipients.ts';
import { inSavepoint } from '../../src/database/savepoint.ts';
import { updateUser } from '../../src/database/users.ts';
import { noPreferences } from '../../src/model/preferences.ts';
import { onEachDialect } from './dialects.ts';
import { moment, sampleList, storeList, storeMember } from './samples.ts';

const infoOf = async (connection: Connection) =>
  (await findList(connection, 'ant@example.com'))?.settings.info;

await onEachDialect('settings of lists in one transaction', (place) => {
  it('are those that it has stored, though they were read before', async () => {
    const database = await place.open();
    const ant = sampleList('ant');
    await storeList(database.connection, ant);
    await database.transaction(async (connection) => {
      expect(await infoOf(connection)).toBe(ant.settings.info);
      await updateSettings(connection, ant, { info: 'new' });
      expect(await infoOf(connection)).toBe('new');
    });
    await database.transaction(async (connection) => {
      expect(await infoOf(connection)).toBe('new');
    });
  });

  it('are as before where a savepoint was undone', async () => {
    const database = await place.open();
    const ant = sampleList('ant');
    await storeList(database.connection, ant);
    await database.transaction(async (connection) => {
      const undone = inSavepoint(connection, async () => {
        await updateSettings(connection, ant, { info: 'new' });
        expect(await infoOf(connection)).toBe('new');
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      expect(await infoOf(connection)).toBe(ant.settings.info);
      await updateSettings(connection, ant, { info: 'newer' });
      expect(await infoOf(connection)).toBe('newer');
    });
  });

  it('are found for a list that did not exist when it was asked for first', async () => {
    const database = await place.open();
    await storeList(database.connection, sampleList('bee'));
    await database.transaction(async (connection) => {
      expect(await infoOf(connection)).toBeUndefined();
      await insertList(connection, sampleList('ant'));
      expect(await infoOf(connection)).toBe(sampleList('ant').settings.info);
    });
  });
});

const NOON = moment('2026-11-21T12:00:00.000000Z');

await onEachDialect('what a transaction of the queue has read', (place) => {
  it('follows its own changes, and their undoing', async () => {
    const database = await place.open();
    const ant = sampleList('ant', { postId: 7 });
    await storeList(database.connection, ant);
    await database.transaction(async (connection) => {
      trustReads(connection);
      await holdList(connection, ant.listId);
      const numberOf = async () => (await findList(connection, ant.listId))?.postId;
      expect(await numberOf()).toBe(7);
      await notePost(connection, ant.listId, { when: NOON, isCounted: false });
      expect(await findList(connection, ant.listId)).toMatchObject({ postId: 8, lastPostAt: NOON });
      const undone = inSavepoint(connection, async () => {
        await notePost(connection, ant.listId, { when: NOON, isCounted: false });
        expect(await numberOf()).toBe(9);
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      expect(await numberOf()).toBe(8);
      expect(await takePostNumber(connection, ant.listId)).toBe(8);
      expect(await numberOf()).toBe(9);
    });
    expect((await findList(database.connection, ant.listId))?.postId).toBe(9);
  });

  it('is read anew where the transaction changes it', async () => {
    const database = await place.open();
    const ant = sampleList('ant');
    await storeList(database.connection, ant);
    await database.transaction(async (connection) => {
      trustReads(connection);
      expect(await bansFor(connection, ant.listId)).toEqual([]);
      const ban = { listId: ant.listId, email: 'anne@example.com' };
      await insertBans(connection, [ban]);
      expect(await bansFor(connection, ant.listId)).toEqual([ban]);
    });
  });

  it('of recipients is read anew where a member, an address or a user changes', async () => {
    const database = await place.open();
    const ant = sampleList('ant');
    await storeList(database.connection, ant);
    const { user, address, member } = await storeMember(database.connection, ant, 'Anne@example.com');
    await database.transaction(async (connection) => {
      trustReads(connection);
      const recipients = async () =>
        (await regularRecipients(connection, ant.listId)).map(({ email }) => email);
      const stopped = { ...noPreferences, delivery_status: 'by_user' } as const;
      for (const [stop, resume] of [
        [() => updateUser(connection, { ...user, preferences: stopped }), () => updateUser(connection, user)],
        [
          () => updateAddress(connection, { ...address, preferences: stopped }),
          () => updateAddress(connection, address),
        ],
        [
          () => updateMember(connection, { ...member, preferences: stopped }),
          () => updateMember(connection, member),
        ],
        [() => deleteMembers(connection, [member.memberId]), () => insertMembers(connection, [member])],
      ] as const) {
        expect(await recipients()).toEqual(['anne@example.com']);
        await stop();
        expect(await recipients()).toEqual([]);
        await resume();
      }
      expect(await recipients()).toEqual(['anne@example.com']);
      expect(await memberToAcknowledge(connection, ant.listId, address.email)).toBeUndefined();
      await updateUser(connection, { ...user, preferences: { ...noPreferences, acknowledge_posts: true } });
      expect(await memberToAcknowledge(connection, ant.listId, address.email)).toMatchObject({
        originalEmail: 'Anne@example.com',
      });
    });
  });

  it('is what is stored at the moment, outside of such a transaction', async () => {
    const database = await place.open();
    const ant = sampleList('ant');
    await storeList(database.connection, ant);
    expect(await bansFor(database.connection, ant.listId)).toEqual([]);
    const ban = { listId: ant.listId, email: 'anne@example.com' };
    await insertBans(database.connection, [ban]);
    expect(await bansFor(database.connection, ant.listId)).toEqual([ban]);
  });
});
