import { expect, it } from 'vitest';
import { lockCounters, lockList, updateSettings } from '../../src/database/lists.ts';
import { trustReads } from '../../src/database/read-once.ts';
import { inSavepoint } from '../../src/database/savepoint.ts';
import { execute, query, queryIn } from '../../src/database/statement.ts';
import { isPassing } from '../../src/queue/errors.ts';
import { onEachDialect } from './dialects.ts';
import { sampleList, storeList } from './samples.ts';

const INSERT = 'INSERT INTO domain (mail_host, description) VALUES (?, ?)';

await onEachDialect('statements of a transaction', (place) => {
  it('find values of a list whatever is in them', async () => {
    const { transaction } = await place.open();
    const odd = ['plain', '"quoted"', 'back\\slash', '{brace},comma', "it's", '', 'zoë'];
    await transaction(async (connection) => {
      for (const value of odd) await execute(connection, INSERT, [value, '']);
      await execute(connection, INSERT, ['not wanted', '']);
      const rows = await queryIn<{ mail_host: string }>(
        connection,
        (isListed) => `SELECT mail_host FROM domain WHERE mail_host ${isListed}`,
        [],
        odd,
      );
      expect(rows.map(({ mail_host }) => mail_host).sort()).toEqual([...odd].sort());
    });
  });

  it('are done in the order in which they were asked for, and undone together', async () => {
    const { transaction } = await place.open();
    await transaction(async (connection) => {
      const undone = inSavepoint(connection, async () => {
        await Promise.all([
          execute(connection, INSERT, ['one.example', '']),
          execute(connection, 'UPDATE domain SET description = ? WHERE mail_host = ?', [
            'changed',
            'one.example',
          ]),
        ]);
        expect(await query(connection, 'SELECT mail_host, description FROM domain', [])).toEqual([
          { mail_host: 'one.example', description: 'changed' },
        ]);
        await execute(connection, INSERT, ['one.example', 'again']);
      });
      await expect(undone).rejects.toThrow();
      expect(await query(connection, 'SELECT mail_host FROM domain', [])).toEqual([]);
    });
  });

  it('go on after another process has changed a table', async () => {
    const url = await place.freshUrl();
    const database = await place.openUrl(url);
    const other = await place.openUrl(url);
    const read = () =>
      database.transaction((connection) => query(connection, 'SELECT * FROM queue_worker', []));
    for (let time = 0; time < 8; time += 1) await read();
    await other.connection.raw('ALTER TABLE queue_worker ADD COLUMN further INTEGER');
    await read().catch((error: unknown) => expect(isPassing(error)).toBe(true));
    expect(await read()).toEqual([]);
  });

  it('see what others have set when they lock a list to store it, and only then', async () => {
    const url = await place.freshUrl();
    const [database, other] = [await place.openUrl(url), await place.openUrl(url)];
    const ant = sampleList('ant');
    await storeList(database.connection, ant);
    if (place.dialect === 'sqlite') return;
    await database.transaction(async (connection) => {
      trustReads(connection);
      const before = await lockCounters(connection, ant.listId);
      expect(before?.settings.info).toBe(ant.settings.info);
    });
    await database.transaction(async (connection) => {
      trustReads(connection);
      await query(connection, 'SELECT 1', []);
      await other.transaction((theirs) => updateSettings(theirs, ant, { info: 'theirs' }));
      const locked = await lockList(connection, ant.listId);
      expect(locked?.settings.info).toBe('theirs');
    });
  });
});
