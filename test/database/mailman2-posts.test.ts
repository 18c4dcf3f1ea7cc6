import { beforeAll, expect, test } from 'vitest';
import { findLogPosition, putLogPosition } from '../../src/database/followed-logs.ts';
import type { Database } from '../../src/database/handle.ts';
import {
  claimUnsettled,
  findMailman2Posts,
  mailman2PostsOf,
  putMailman2Copy,
  putMailman2Post,
  UNKNOWN,
  unsettledMailman2Posts,
  waitingMailman2Posts,
} from '../../src/database/mailman2-posts.ts';
import { messageKey } from '../../src/database/message-key.ts';
import {
  findShadowPosts,
  insertShadowPost,
  unexplainedShadowPosts,
  updateShadowPost,
} from '../../src/database/shadow-posts.ts';
import { createList } from '../../src/lists/create.ts';
import { listRules } from '../../src/lists/rules.ts';
import { earlierBy, laterBy, type UtcTime, utcFromEpoch } from '../../src/model/time.ts';
import { defaultConfig } from '../support/services.ts';
import { onEachDialect } from './dialects.ts';

const NOW = utcFromEpoch(1_700_000_000) as UtcTime;
const LIST = 'ant.example.com';

await onEachDialect('posts of Mailman 2', (place) => {
  let database: Database;

  beforeAll(async () => {
    database = await place.open();
    const wanted = {
      ...{ address: 'ant@example.com', style: 'legacy-default', language: 'en' },
      ...{ owners: [], createDomain: true },
    };
    await database.transaction((connection) => createList(connection, wanted, listRules(defaultConfig())));
  });

  test('are noted once, keep their copy, and are settled by one', async () => {
    const { connection } = database;
    // Longer than an index of MariaDB can be, and alike for longer than the column.
    const messageId = `<${'é'.repeat(1200)}@x>`;
    const post = { listId: LIST, messageId, changedAt: NOW };
    await putMailman2Copy(connection, post, Buffer.from('Subject: copy\r\n\r\n\u0000'));
    await putMailman2Post(connection, { ...post, outcome: { ...UNKNOWN, decision: 'hold', sender: 'a@x' } });
    await putMailman2Post(connection, { ...post, messageId: `${messageId}.`, outcome: UNKNOWN });
    const found = await findMailman2Posts(connection, LIST, [messageId]);
    const noted = found.get(messageKey(messageId));
    expect(noted).toMatchObject({ outcome: { decision: 'hold', sender: 'a@x' }, changedAt: NOW });
    expect(noted?.copy?.toString()).toBe('Subject: copy\r\n\r\n\u0000');
    expect(await waitingMailman2Posts(connection, LIST)).toHaveLength(1);
    expect(await unsettledMailman2Posts(connection, NOW)).toHaveLength(2);
    expect(await unsettledMailman2Posts(connection, laterBy(NOW, 1))).toEqual([]);
    const postId = noted?.postId ?? '';
    expect(await claimUnsettled(connection, postId)).toBe(true);
    expect(await claimUnsettled(connection, postId)).toBe(false);
    await putMailman2Post(connection, {
      ...{ ...post, changedAt: laterBy(NOW, 5) },
      outcome: { ...UNKNOWN, decision: 'hold', moderator: 'approved' },
    });
    expect(await waitingMailman2Posts(connection, LIST)).toEqual([]);
    expect((await unsettledMailman2Posts(connection, laterBy(NOW, 1))).map((one) => one.postId)).toEqual([
      postId,
    ]);
    expect(await mailman2PostsOf(connection, LIST, NOW)).toHaveLength(2);
  });

  test('are told to those that came here', async () => {
    const { connection } = database;
    const shadowId = await insertShadowPost(connection, {
      ...{ listId: LIST, messageId: '<one@x>', stage: 'alongside', receivedAt: NOW, decision: 'hold' },
      outcome: { reasons: [], recipients: [], delivered: [], notices: [], sender: 'a@x', subject: 'Hi' },
      content: Buffer.from('x'),
    });
    const around = [earlierBy(NOW, 10), laterBy(NOW, 10)] as const;
    expect(await unexplainedShadowPosts(connection, LIST, ...around)).toHaveLength(1);
    await updateShadowPost(connection, shadowId, {
      ...{ mailman2: { ...UNKNOWN, decision: 'accept', followed: true } },
      content: Buffer.from('as it went out'),
    });
    expect(await unexplainedShadowPosts(connection, LIST, ...around)).toEqual([]);
    const [post] = await findShadowPosts(connection, LIST, '<one@x>');
    expect(post).toMatchObject({ mailman2: { decision: 'accept', followed: true } });
    expect(post?.content.toString()).toBe('as it went out');
  });

  test('stand in logs of which it is known how far they were read', async () => {
    const { connection } = database;
    expect(await findLogPosition(connection, 'post')).toBeUndefined();
    await putLogPosition(connection, 'post', { inode: '18446744073709551615', position: 5 });
    await putLogPosition(connection, 'post', { inode: '12', position: 3_000_000_000 });
    expect(await findLogPosition(connection, 'post')).toEqual({ inode: '12', position: 3_000_000_000 });
  });
});
