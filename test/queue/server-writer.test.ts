import { expect, it } from 'vitest';
import type { Connection } from '../../src/database/handle.ts';
import { findList, notePost } from '../../src/database/lists.ts';
import { recall } from '../../src/database/read-once.ts';
import { ServerWriter } from '../../src/queue/server-writer.ts';
import { onEachDialect } from '../database/dialects.ts';
import { moment, sampleList, storeList } from '../database/samples.ts';

const NOON = moment('2026-11-21T12:00:00.000000Z');

await onEachDialect('steps of a list that come together', (place) => {
  it('share a transaction that holds the list, and its counters need not be read again', async () => {
    const database = await place.open();
    const ant = sampleList('ant', { postId: 7 });
    await storeList(database.connection, ant);
    const writer = new ServerWriter(database);
    const transactions = new Set<Connection>();
    const step = async (connection: Connection) => {
      transactions.add(connection);
      const known = recall<{ readonly post_id: number }>(connection, 'counters', ant.listId);
      await notePost(connection, ant.listId, { when: NOON, isCounted: false });
      return known?.post_id;
    };
    const numbers = await Promise.all([1, 2, 3].map(() => writer.run('step', step, ant.listId)));
    expect(numbers).toEqual([7, 8, 9]);
    expect(transactions.size).toBe(1);
    expect((await findList(database.connection, ant.listId))?.postId).toBe(10);
  });
});
