import { expect, it } from 'vitest';
import { findAutoresponse, putAutoresponse } from '../../src/database/autoresponses.ts';
import { findList, notePost, takePostNumber } from '../../src/database/lists.ts';
import {
  administrators,
  allRecipients,
  memberNames,
  memberToAcknowledge,
  recipientPeople,
  regularRecipients,
  withoutListCopies,
} from '../../src/database/recipients.ts';
import { noPreferences, type Preferences } from '../../src/model/preferences.ts';
import { onEachDialect } from './dialects.ts';
import { moment, sampleList, storeList, storeMember } from './samples.ts';

const set = (changes: Partial<Preferences>) => ({ preferences: { ...noPreferences, ...changes } });
const NOW = moment('2024-03-15T08:00:00.000000Z');

await onEachDialect('recipients', (place) => {
  it('are those who get posts one by one, by what member, address and user have set', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    await storeMember(connection, list, 'Plain@example.com');
    await storeMember(connection, list, 'digest@example.com', {
      member: set({ delivery_mode: 'mime_digests' }),
    });
    await storeMember(connection, list, 'off@example.com', { user: set({ delivery_status: 'by_user' }) });
    await storeMember(connection, list, 'on@example.com', {
      user: set({ delivery_status: 'by_user' }),
      member: set({ delivery_status: 'enabled' }),
    });
    await storeMember(connection, list, 'silent@example.com', {
      address: set({ receive_own_postings: false }),
      member: { topics: ['a'], receiveUnmatchedTopics: true },
    });
    await storeMember(connection, list, 'non@example.com', { member: { role: 'nonmember' } });
    const found = async (query = {}) =>
      (await regularRecipients(connection, list.listId, query)).map((each) => each.originalEmail).sort();
    expect(await found()).toEqual(['Plain@example.com', 'on@example.com', 'silent@example.com']);
    expect(await found({ author: 'silent@example.com' })).toEqual(['Plain@example.com', 'on@example.com']);
    expect(await found({ author: 'plain@example.com' })).toHaveLength(3);
    const topics = await regularRecipients(connection, list.listId, { withTopics: true });
    expect(topics.find(({ email }) => email === 'silent@example.com')).toMatchObject({
      topics: ['a'],
      receiveUnmatchedTopics: true,
    });
    expect(await allRecipients(connection, list.listId)).toHaveLength(5);
  });

  it('are known by name, language and wishes', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    await storeMember(connection, list, 'Anne@example.com', {
      user: { displayName: 'Anne', ...set({ acknowledge_posts: true, preferred_language: 'de' }) },
      address: set({ receive_list_copy: false }),
    });
    await storeMember(connection, list, 'zed@example.com', {
      member: { role: 'nonmember', displayName: 'Zed' },
    });
    const keys = ['anne@example.com', 'zed@example.com', 'gone@example.com'];
    expect(await recipientPeople(connection, list.listId, keys)).toEqual(
      new Map([['anne@example.com', { displayName: 'Anne', language: 'de' }]]),
    );
    expect(await withoutListCopies(connection, list.listId, keys)).toEqual(new Set(['anne@example.com']));
    expect(await memberToAcknowledge(connection, list.listId, 'anne@example.com')).toEqual({
      originalEmail: 'Anne@example.com',
      displayName: 'Anne',
      language: 'de',
    });
    expect(await memberToAcknowledge(connection, list.listId, 'zed@example.com')).toBeUndefined();
    expect(await memberNames(connection, list.listId, 'zed@example.com')).toEqual(['Zed']);
  });

  it('administrators are those with delivery', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    await storeMember(connection, list, 'Owen@example.com', { member: { role: 'owner' } });
    await storeMember(connection, list, 'mod@example.com', { member: { role: 'moderator' } });
    await storeMember(connection, list, 'away@example.com', {
      member: { role: 'owner', ...set({ delivery_status: 'by_user' }) },
    });
    expect(await administrators(connection, list.listId)).toEqual(['mod@example.com', 'Owen@example.com']);
  });

  it('posts get numbers, one after the other', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant', { postId: 7 }));
    expect(await takePostNumber(connection, list.listId)).toBe(7);
    expect(await takePostNumber(connection, list.listId)).toBe(8);
    await notePost(connection, list.listId, { when: NOW, isCounted: true });
    expect((await findList(connection, list.listId))?.postId).toBe(9);
    await notePost(connection, list.listId, { when: NOW, isCounted: false });
    expect(await findList(connection, list.listId)).toMatchObject({ postId: 10, lastPostAt: NOW });
  });

  it('automatic answers are remembered by kind and address', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    const answer = { kind: 'owner', email: 'anne@example.com', day: null, count: 0 } as const;
    await putAutoresponse(connection, list.listId, { ...answer, quietUntil: null });
    await putAutoresponse(connection, list.listId, { ...answer, quietUntil: NOW });
    expect(await findAutoresponse(connection, list.listId, 'owner', 'anne@example.com')).toEqual({
      ...answer,
      quietUntil: NOW,
    });
    expect(await findAutoresponse(connection, list.listId, 'postings', 'anne@example.com')).toBeUndefined();
  });
});
