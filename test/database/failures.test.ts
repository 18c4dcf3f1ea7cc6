import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import { insertDomain } from '../../src/database/domains.ts';
import { DatabaseError } from '../../src/database/failures.ts';
import type { Connection, Database } from '../../src/database/handle.ts';
import { query } from '../../src/database/statement.ts';
import { freePort } from '../peers/throwaway.ts';
import { startRelay } from '../support/relay.ts';
import { onEachDialect, onServer, sqlitePlace } from './dialects.ts';
import { sampleList, storeList, storeMember } from './samples.ts';

const HOLD = fileURLToPath(new URL('processes/hold.ts', import.meta.url));

/** The message of the failure, which must be fit to be read by people. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DatabaseError);
  const { message } = error as DatabaseError;
  expect(message).not.toMatch(/\n|insert |select |update |begin|s3cr3t|p@ss|p%40ss|ER_|SQLITE_/i);
  return message;
}

const close = (database: Database) => database.close();

describe('an SQLite database', () => {
  const place = sqlitePlace();
  const filled = async (): Promise<string> => {
    const url = await place.freshUrl();
    await close(await openDatabase(url));
    return url.slice('sqlite:///'.length);
  };

  it('that another process has locked says so, and goes on when it is free', async () => {
    const file = await filled();
    const holder = spawn(process.execPath, [HOLD, file], { stdio: ['pipe', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const hasty = await openDatabase(`sqlite:///${file}`, { sqliteBusyTimeout: 100 });
    const domain = { mailHost: 'example.com', description: 's3cr3t', aliasDomain: null };
    const locked = `Database sqlite:///${file} is locked by another process`;
    expect(await failureOf(hasty.transaction((connection) => insertDomain(connection, domain)))).toBe(locked);
    expect(await failureOf(insertDomain(hasty.connection, domain))).toBe(locked);
    expect(await hasty.connection('domain').select()).toEqual([]);
    const patient = await openDatabase(`sqlite:///${file}`);
    let ticks = 0;
    const clock = setInterval(() => (ticks += 1), 10);
    const waiting = patient.transaction((connection) => insertDomain(connection, domain));
    setTimeout(() => holder.stdin.end(), 300);
    await waiting;
    clearInterval(clock);
    // Waiting must not stop the process.
    expect(ticks).toBeGreaterThan(5);
    expect(await hasty.connection('domain').select()).toHaveLength(1);
    await Promise.all([hasty, patient].map(close));
  });

  it('in a folder that is missing', async () => {
    const url = `sqlite:///${join(place.folder, 'missing', 'mailman.db')}`;
    expect(await failureOf(openDatabase(url))).toBe(
      `Database ${url} cannot be opened: the folder is missing or not writable`,
    );
  });

  it('that is a folder', async () => {
    const folder = join(place.folder, 'folder.db');
    mkdirSync(folder);
    expect(await failureOf(openDatabase(`sqlite:///${folder}`))).toMatch(/cannot be opened/);
  });

  it('that is something else', async () => {
    const file = join(place.folder, 'letter.db');
    writeFileSync(file, 'Dear database, '.repeat(1000));
    expect(await failureOf(openDatabase(`sqlite:///${file}`))).toBe(
      `Database sqlite:///${file} is not a database file`,
    );
  });

  it('that is read-only', async () => {
    const file = await filled();
    const database = await openDatabase(`sqlite:///${file}`);
    await database.connection.raw('PRAGMA query_only = ON');
    expect(
      await failureOf(
        insertDomain(database.connection, { mailHost: 'a', description: 's3cr3t', aliasDomain: null }),
      ),
    ).toBe(`Database sqlite:///${file} cannot be written: it is read-only`);
    await close(database);
    if (process.getuid?.() === 0) return;
    chmodSync(file, 0o400);
    expect(await failureOf(openDatabase(`sqlite:///${file}`))).toMatch(/read-only|cannot be opened/);
  });

  it('that may not grow', async () => {
    const file = await filled();
    const database = await openDatabase(`sqlite:///${file}`);
    const [row] = (await database.connection.raw('PRAGMA page_count')) as { page_count: number }[];
    await database.connection.raw(`PRAGMA max_page_count = ${(row?.page_count ?? 0) + 2}`);
    const fill = database.transaction((connection) =>
      insertDomain(connection, { mailHost: 'a', description: 's3cr3t'.repeat(10_000), aliasDomain: null }),
    );
    expect(await failureOf(fill)).toBe(`Database sqlite:///${file} has no room left: the disk is full`);
    await database.transaction((connection) =>
      insertDomain(connection, { mailHost: 'a', description: 'small', aliasDomain: null }),
    );
    await close(database);
  });

  it('that may not grow undoes a change wholly, though part of it goes on', async () => {
    const database = await openDatabase(`sqlite:///${await filled()}`);
    const before = await database.connection('domain').pluck('mail_host');
    const [row] = (await database.connection.raw('PRAGMA page_count')) as { page_count: number }[];
    await database.connection.raw(`PRAGMA max_page_count = ${(row?.page_count ?? 0) + 2}`);
    const insert = (connection: Connection, mailHost: string, size: number) =>
      insertDomain(connection, { mailHost, description: 'x'.repeat(size), aliasDomain: null });
    const fill = database.transaction(async (connection) => {
      await insert(connection, 'first', 10);
      await insert(connection, 'big', 100_000).catch(() => {});
      await insert(connection, 'last', 10);
    });
    expect(await failureOf(fill)).toMatch(/ has undone the change: the disk is full or fails$/);
    expect(await database.connection('domain').pluck('mail_host')).toEqual(before);
    await close(database);
  });
});

/** Mounting needs rights that a container seldom has. */
function mountTiny(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

describe('a full disk', () => {
  it('is told, and works again when there is room', async (context) => {
    const folder = join(sqlitePlace().folder, 'tiny');
    if (!mountTiny(folder)) context.skip('no file system can be mounted here');
    try {
      const url = `sqlite:///${join(folder, 'mailman.db')}`;
      const database = await openDatabase(url);
      const write = (mailHost: string, size: number) =>
        database.transaction((connection) =>
          insertDomain(connection, { mailHost, description: 'x'.repeat(size), aliasDomain: null }),
        );
      expect(await failureOf(write('big', 2_000_000))).toBe(
        `Database ${url} has no room left: the disk is full`,
      );
      await write('small', 10);
      expect(await database.connection('domain').pluck('mail_host')).toEqual(['small']);
      await close(database);
    } finally {
      execFileSync('umount', ['-l', folder]);
    }
  });
});

for (const kind of ['postgresql', 'mariadb'] as const) {
  const scheme = kind === 'mariadb' ? 'mysql+pymysql' : kind;
  await onServer(kind, `a ${kind} server`, ({ server, freshUrl }) => {
    const encoded = encodeURIComponent(server.password);

    it('that refuses the password', async () => {
      const at = `${server.host}:${server.port}/mailman`;
      expect(await failureOf(openDatabase(`${scheme}://${server.user}:s3cr3t@${at}`))).toBe(
        `Database ${scheme}://${server.user}:***@${at} refuses the user name or password`,
      );
      expect(await failureOf(openDatabase(`${scheme}://nobody@${at}`))).toMatch(
        /refuses the user name or password$|failed/,
      );
    });

    it('that has no such database', async () => {
      expect(await failureOf(openDatabase(server.url('missing')))).toBe(
        `Database ${scheme}://${server.user}:***@${server.host}:${server.port}/missing does not exist on the server`,
      );
    });

    it('that is not there', async () => {
      for (const host of ['127.0.0.1', 'localhost']) {
        const at = `${host}:${await freePort()}/mailman`;
        expect(await failureOf(openDatabase(`${scheme}://u:s3cr3t@${at}`))).toBe(
          `Database ${scheme}://u:***@${at} does not answer`,
        );
      }
      const nowhere = kind === 'mariadb' ? 'unix_socket=/nowhere/socket' : 'host=/nowhere';
      expect(await failureOf(openDatabase(`${scheme}://u:s3cr3t@/mailman?${nowhere}`))).toMatch(
        /cannot be reached: no such socket$/,
      );
      expect(await failureOf(openDatabase(`${scheme}://u:s3cr3t@nowhere.invalid/mailman`))).toMatch(
        /is on a host that cannot be found$/,
      );
    });

    it('that breaks off in the middle of a transaction says so, and says it again', async () => {
      const relay = await startRelay(server.port);
      const url = (await freshUrl()).replace(`:${server.port}/`, `:${relay.port}/`);
      const database = await openDatabase(url);
      const said: string[] = [];
      const work = database.transaction(async (connection) => {
        await query(connection, 'SELECT 1', []);
        await relay.cut();
        for (let attempt = 0; attempt < 2; attempt += 1) {
          said.push(await failureOf(query(connection, 'SELECT 1', [])));
          said.push(await failureOf(Promise.resolve(connection.raw('SELECT 1'))));
        }
      });
      await failureOf(work);
      expect(said.map((text) => text.replace(/^Database \S+ /, ''))).toEqual(
        Array<string>(4).fill('broke off the connection'),
      );
      await relay.mend();
      expect(await query(database.connection, 'SELECT 1 AS one', [])).toEqual([{ one: 1 }]);
      await close(database);
      await relay.cut();
    });

    it('is reached through its socket and with a password written as it is', async () => {
      const name = (await freshUrl()).split('/').at(-1);
      const socket = kind === 'mariadb' ? `unix_socket=${server.socket}` : `host=${server.socket}`;
      const urls = [
        `${scheme}://${server.user}:${encoded}@localhost:${server.port}/${name}?${socket}`,
        `${scheme}://${server.user}:${encoded}@:${server.port}/${name}?${socket}`,
        `${scheme}://${server.user}:${server.password.replace('%&', '%25&')}@${server.host}:${server.port}/${name}?charset=utf8&use_unicode=1`,
      ];
      for (const url of urls) await close(await openDatabase(url));
    });
  });
}

await onEachDialect('a database', (place) => {
  it('names neither data nor statement when it refuses a change', async () => {
    const { connection } = await place.open();
    const list = await storeList(connection, sampleList('ant'));
    await storeMember(connection, list, 's3cr3t@example.com');
    expect(await failureOf(storeMember(connection, list, 's3cr3t@example.com'))).toMatch(
      /holds such an entry already$/,
    );
    expect(await failureOf(storeList(connection, sampleList('ant')))).toMatch(/holds such an entry already$/);
    const wrong = connection('domain').insert({ mail_host: null, description: 's3cr3t' });
    expect(await failureOf(wrong.then())).toMatch(/refuses a value/);
    const missing = connection('nowhere').where({ s3cr3t: 's3cr3t' });
    await expect(missing.then()).rejects.toThrow(/^Database \S+ failed \(\w+\)$/);
  });

  it('does not show data in the cause either', async () => {
    const { connection } = await place.open();
    const error = (await connection('domain')
      .insert({ mail_host: 's3cr3t', nowhere: 's3cr3t' })
      .then(
        () => undefined,
        (reason: unknown) => reason,
      )) as DatabaseError;
    const { cause } = error as { cause?: Error };
    expect(cause?.message).toContain('nowhere');
    expect(`${cause?.stack} ${JSON.stringify(cause)} ${Object.values(cause ?? {}).join(' ')}`).not.toContain(
      's3cr3t',
    );
  });
});
