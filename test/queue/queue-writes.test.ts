import { expect, it } from 'vitest';
import type { Connection } from '../../src/database/handle.ts';
import { insertEntries, listEntries } from '../../src/database/queue-entries.ts';
import { loadMessages, storeMessages } from '../../src/database/queue-messages.ts';
import { nextEntryId } from '../../src/queue/entry.ts';
import { LostEntryError } from '../../src/queue/errors.ts';
import { heldEntry } from '../../src/queue/held-entries.ts';
import { queueWrites } from '../../src/queue/queue-writes.ts';
import { onEachDialect } from '../database/dialects.ts';
import { stoppedClock } from '../support/services.ts';

const ME = 'a'.repeat(32);
const now = stoppedClock().now();

function entryRow(entryId: string, messageId: string, workerId: string | null = ME) {
  return {
    ...{ entry_id: entryId, queue: 'out', message_id: messageId, metadata: '{}', run_at: now },
    ...{ attempts: 0, recoveries: 0, worker_id: workerId, error: null },
  };
}

function held(id: string, messageId: string) {
  const message = Buffer.from('');
  return heldEntry({ id, messageId, queue: 'out', message, metadata: {}, attempts: 0, recoveries: 0 });
}

const storedIn = async (connection: Connection) =>
  (await listEntries(connection, 'out')).map(({ entry_id }) => entry_id);

await onEachDialect('what a transaction writes for the queue', (place) => {
  it('is stored and removed for many messages together, without what was undone', async () => {
    const database = await place.open();
    const ids = Array.from({ length: 23 }, () => [nextEntryId(), nextEntryId()] as const);
    const bytesOf = (index: number) => Buffer.from(`Subject: ${index}\r\n\r\n`);
    await database.transaction(async (connection) => {
      const writes = queueWrites(connection);
      for (const [index, [entryId, messageId]] of ids.entries()) {
        const before = writes.mark();
        await writes.storeMessage(messageId, bytesOf(index));
        writes.insert(entryRow(entryId, messageId));
        if (index % 2 === 1) writes.undo(before);
      }
      await writes.flush();
    });
    const kept = ids.filter((_, index) => index % 2 === 0);
    const { connection } = database;
    expect(await storedIn(connection)).toEqual(kept.map(([entryId]) => entryId));
    const messages = await loadMessages(
      connection,
      ids.map(([, messageId]) => messageId),
    );
    expect([...messages.keys()].sort()).toEqual(kept.map(([, messageId]) => messageId));
    expect(messages.get(kept[3]?.[1] ?? '')).toEqual(bytesOf(6));
    await database.transaction(async (transaction) => {
      const writes = queueWrites(transaction);
      for (const [entryId, messageId] of kept.slice(1)) writes.finish(held(entryId, messageId), ME);
      await writes.flush();
    });
    expect(await storedIn(connection)).toEqual([kept[0]?.[0]]);
    expect([...(await loadMessages(connection, [...messages.keys()])).keys()]).toEqual([kept[0]?.[1]]);
  });

  it('leaves a message that another entry still has', async () => {
    const database = await place.open();
    const [one = '', other = '', messageId = ''] = [nextEntryId(), nextEntryId(), nextEntryId()];
    await database.transaction(async (connection) => {
      await storeMessages(connection, [{ messageId, bytes: Buffer.from('shared') }]);
      await insertEntries(connection, [entryRow(one, messageId), entryRow(other, messageId)]);
    });
    for (const [entryId, left] of [
      [one, 1],
      [other, 0],
    ] as const) {
      await database.transaction(async (connection) => {
        const writes = queueWrites(connection);
        writes.finish(held(entryId, messageId), ME);
        await writes.flush();
      });
      expect((await loadMessages(database.connection, [messageId])).size).toBe(left);
    }
  });

  it('fails as a whole where one of the entries was taken over', async () => {
    const database = await place.open();
    const [mine = '', lost = '', messageId = ''] = [nextEntryId(), nextEntryId(), nextEntryId()];
    await database.transaction(async (connection) => {
      await storeMessages(connection, [{ messageId, bytes: Buffer.from('shared') }]);
      const others = entryRow(lost, messageId, 'b'.repeat(32));
      await insertEntries(connection, [entryRow(mine, messageId), others]);
    });
    const finished = database.transaction(async (connection) => {
      const writes = queueWrites(connection);
      for (const entryId of [mine, lost]) writes.finish(held(entryId, messageId), ME);
      await writes.flush();
    });
    await expect(finished).rejects.toThrow(LostEntryError);
    expect(await storedIn(database.connection)).toEqual([mine, lost]);
  });
});
