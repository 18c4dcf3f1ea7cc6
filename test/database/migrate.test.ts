import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { insertDomain } from '../../src/database/domains.ts';
import { DatabaseError } from '../../src/database/failures.ts';
import { findList, insertList } from '../../src/database/lists.ts';
import { membersOfList } from '../../src/database/members.ts';
import { mainSchema, migrate, type Schema } from '../../src/database/migrate.ts';
import { migrations } from '../../src/database/migrations/index.ts';
import { onEachDialect, onServer } from './dialects.ts';
import { sampleList, storeList, storeMember } from './samples.ts';

const OPEN = fileURLToPath(new URL('processes/open.ts', import.meta.url));

function startOpening(url: string): ChildProcess {
  return spawn(process.execPath, [OPEN, url], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** What a process said until its end. */
async function output(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (text += String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}

const message = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof DatabaseError ? error.message : error),
  );

/** What a Ferryman had that knew only so many migrations. */
const untilVersion = (version: number): Schema => ({ ...mainSchema, steps: migrations.slice(0, version) });

await onEachDialect('migrations', (place) => {
  it.each([2, 5])('run once when %i processes start at once on an empty database', async (count) => {
    const url = await place.freshUrl();
    const said = await Promise.all(Array.from({ length: count }, () => output(startOpening(url))));
    expect(said).toEqual(Array.from({ length: count }, () => 'open\n'));
    const { connection } = await place.openUrl(url);
    const rows = await connection('schema_version').orderBy('version').select();
    expect(rows).toEqual(migrations.map(({ name }, index) => ({ version: index + 1, name })));
  });

  it('are not run again', async () => {
    const url = await place.freshUrl();
    const one = await place.openUrl(url);
    await storeList(one.connection, sampleList('ant'));
    const other = await place.openUrl(url);
    expect(await other.connection('mailing_list').select('list_id')).toEqual([
      { list_id: 'ant.example.com' },
    ]);
  });

  it('bring a database of the first version up to date one by one, with what is in it', async () => {
    const url = await place.freshUrl();
    const first = await openDatabase(url, { schema: untilVersion(1) });
    const list = await storeList(first.connection, sampleList('ant'));
    const { member } = await storeMember(first.connection, list, 'anne@example.com');
    await first.close();
    for (let version = 2; version < migrations.length; version += 1)
      await (await openDatabase(url, { schema: untilVersion(version) })).close();
    const { connection } = await place.openUrl(url);
    expect(await findList(connection, 'ant@example.com')).toEqual(list);
    expect(await membersOfList(connection, list.listId, ['member'])).toEqual([member]);
  });

  it('refuse a database that a newer version has used', async () => {
    const url = await place.freshUrl();
    const { connection } = await place.openUrl(url);
    await connection('schema_version').insert({ version: migrations.length + 1, name: 'future' });
    expect(await message(place.openUrl(url))).toMatch(
      /schema \d+, this Ferryman knows \d+: it was used by a newer/,
    );
  });

  it('refuse a database of Mailman 3, and leave it alone', async () => {
    const url = await place.freshUrl();
    const owned = await place.openUrl(url);
    await owned.connection.schema.dropTable('schema_version');
    await owned.connection('user').insert({ user_id: 'u', display_name: 'kept', created_on: '' });
    expect(await message(place.openUrl(url))).toMatch(/belongs to another program, such as GNU Mailman 3/);
    expect(await owned.connection('user').pluck('display_name')).toEqual(['kept']);
    expect(await owned.connection.schema.hasTable('schema_version')).toBe(false);
  });

  it('that fail leave a database that the next attempt finishes', async () => {
    const url = await place.freshUrl();
    const database = await place.openUrl(url);
    let attempts = 0;
    const steps = [
      ...migrations,
      {
        name: 'more',
        up: async (connection: typeof database.connection) => {
          attempts += 1;
          if (!(await connection.schema.hasTable('more')))
            await connection.schema.createTable('more', (table) => table.integer('number').primary());
          if (attempts === 1) throw new Error('interrupted');
        },
      },
    ];
    await expect(migrate(database, url, { ...mainSchema, steps })).rejects.toThrow('interrupted');
    await migrate(database, url, { ...mainSchema, steps });
    await migrate(database, url, { ...mainSchema, steps });
    expect(attempts).toBe(2);
    expect(await database.connection('schema_version').max({ version: 'version' }).first()).toEqual({
      version: steps.length,
    });
  });
});

await onServer('mariadb', 'a migration on MariaDB', (place) => {
  const countConstraints = async (url: string) => {
    const name = url.slice(url.lastIndexOf('/') + 1);
    const statement = `SELECT COUNT(*) AS total FROM information_schema.table_constraints WHERE table_schema = '${name}'`;
    return Number((await place.server.execute(name, statement))[0]?.total);
  };

  it('that was killed anywhere is made good by the next process', async () => {
    const whole = await place.freshUrl();
    await place.openUrl(whole);
    const constraints = await countConstraints(whole);
    const left: number[] = [];
    for (const share of [0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9]) {
      const url = await place.freshUrl();
      const child = startOpening(url);
      while (child.exitCode === null && (await countConstraints(url)) <= share * constraints);
      child.kill('SIGKILL');
      left.push(await countConstraints(url));
      const { connection } = await place.openUrl(url);
      expect(await countConstraints(url), `killed at ${share}`).toBe(constraints);
      const list = await storeList(connection, sampleList('ant'));
      await storeMember(connection, list, 'anne@example.com');
    }
    expect(left.filter((count) => count > 0 && count < constraints).length).toBeGreaterThan(0);
  });
});

await onServer('mariadb', 'migrations on MariaDB', (place) => {
  it('are run again where a process was killed before they were counted', async () => {
    const url = await place.freshUrl();
    for (let version = 1; version <= migrations.length; version += 1) {
      const { connection, close } = await openDatabase(url, { schema: untilVersion(version) });
      await connection('schema_version').where({ version }).delete();
      await close();
    }
    const { connection } = await place.openUrl(url);
    expect(await connection('schema_version').pluck('version')).toHaveLength(migrations.length);
  });
});

await onServer('postgresql', 'a PostgreSQL database', (place) => {
  it('must be in UTF-8', async () => {
    const name = 'latin1_database';
    await place.server.execute(
      'postgres',
      `CREATE DATABASE ${name} ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0`,
    );
    try {
      expect(await message(place.openUrl(place.server.url(name)))).toMatch(
        /has the encoding LATIN1: create it with/,
      );
    } finally {
      await place.server.dropDatabase(name);
    }
  });
});

await onEachDialect('transactions', (place) => {
  it('leave nothing behind when they fail', async () => {
    const database = await place.open();
    const failing = database.transaction(async (connection) => {
      await insertDomain(connection, { mailHost: 'a.example', description: null, aliasDomain: null });
      await insertList(connection, sampleList('ant', { mailHost: 'a.example' }));
      throw new RangeError('of our own');
    });
    await expect(failing).rejects.toThrow(new RangeError('of our own'));
    expect(await database.connection('domain').select()).toEqual([]);
    const refused = database.transaction(async (connection) => {
      await insertDomain(connection, { mailHost: 'a.example', description: null, aliasDomain: null });
      await insertDomain(connection, { mailHost: 'A.example', description: null, aliasDomain: null });
    });
    expect(await message(refused)).toMatch(/holds such an entry already$/);
    expect(await database.connection('domain').select()).toEqual([]);
    expect(await database.transaction(async () => 'result')).toBe('result');
  });

  it('are not seen by others before they are committed', async () => {
    const url = await place.freshUrl();
    const [one, other] = [await place.openUrl(url), await place.openUrl(url)];
    await one.transaction(async (connection) => {
      await insertDomain(connection, { mailHost: 'a.example', description: null, aliasDomain: null });
      expect(await other.connection('domain').select()).toEqual([]);
    });
    expect(await other.connection('domain').select()).toHaveLength(1);
  });

  it('see what others have committed since they began', async () => {
    if (place.dialect === 'sqlite') return;
    const url = await place.freshUrl();
    const [one, other] = [await place.openUrl(url), await place.openUrl(url)];
    await one.transaction(async (connection) => {
      expect(await connection('domain').select()).toEqual([]);
      await insertDomain(other.connection, { mailHost: 'a.example', description: null, aliasDomain: null });
      expect(await connection('domain').select()).toHaveLength(1);
    });
  });
});
