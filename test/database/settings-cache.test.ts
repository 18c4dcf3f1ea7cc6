import { expect, it } from 'vitest';
import type { Connection } from '../../src/database/handle.ts';
import { findList, insertList, updateSettings } from '../../src/database/lists.ts';
import { inSavepoint } from '../../src/database/statement.ts';
import { onEachDialect } from './dialects.ts';
import { sampleList, storeList } from './samples.ts';

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
