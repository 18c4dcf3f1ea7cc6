import { expect, it } from 'vitest';
import type { Database } from '../../src/database/handle.ts';
import {
  heldMessagesOf,
  heldSummariesOf,
  heldSummaryPage,
  insertHeldMessage,
} from '../../src/database/held-messages.ts';
import { type Decision, decideHeldPost } from '../../src/moderation/held-posts.ts';
import { testServices } from '../support/services.ts';
import { onEachDialect } from './dialects.ts';
import { moment, sampleList, storeList } from './samples.ts';

const CONTENT = Buffer.from('Subject: Grüße\r\n\r\n\0binär\r\n');

async function holdOne(database: Database): Promise<number> {
  return insertHeldMessage(database.connection, {
    listId: 'ant.example.com',
    messageId: '<one@example.com>',
    sender: 'zed@example.net',
    subject: 'Grüße',
    reasons: ['Message has no subject'],
    heldAt: moment('2024-01-05T00:00:00.000000Z'),
    metadata: { lang: 'de' },
    content: CONTENT,
  });
}

await onEachDialect('held posts', (place) => {
  it('are listed without being read', async () => {
    const database = await place.open();
    await storeList(database.connection, sampleList('ant'));
    const requestId = await holdOne(database);
    const { connection } = database;
    const [{ metadata: _, content, ...rest } = { content: undefined }] = await heldMessagesOf(
      connection,
      'ant.example.com',
    );
    expect(content).toEqual(CONTENT);
    expect(rest).toMatchObject({ requestId, subject: 'Grüße' });
    const summary = { ...rest, size: CONTENT.length };
    expect(await heldSummariesOf(connection, 'ant.example.com')).toEqual([summary]);
    const page = { start: 0, count: 5 };
    expect(await heldSummaryPage(connection, 'ant.example.com', page)).toEqual({ total: 1, rows: [summary] });
    expect(await heldSummaryPage(connection, 'bee.example.com', page)).toEqual({ total: 0, rows: [] });
  });

  it('are decided about once, though several moderators decide at the same moment', async () => {
    const database = await place.open();
    const list = await storeList(database.connection, sampleList('ant'));
    const services = testServices(database);
    const queued: string[] = [];
    const decide = (requestId: number, decision: Decision): Promise<boolean> =>
      database.transaction((connection) =>
        decideHeldPost(
          { ...services, connection, enqueue: async (queue) => void queued.push(queue) },
          list,
          requestId,
          decision,
        ),
      );
    const requestId = await holdOne(database);
    const done = await Promise.all(
      [1, 2, 3, 4].map((turn) => decide(requestId, turn === 3 ? { kind: 'discard' } : { kind: 'accept' })),
    );
    expect(done.filter((isDone) => isDone)).toHaveLength(1);
    expect(queued.length).toBeLessThanOrEqual(1);
    expect(await heldSummariesOf(database.connection, list.listId)).toEqual([]);
  });
});
