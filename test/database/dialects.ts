import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, it } from 'vitest';
import { openDatabase } from '../../src/database/connection.ts';
import type { Database, Dialect } from '../../src/database/handle.ts';
import type { DatabaseServer } from '../peers/database-server.ts';
import { runningServer } from '../support/running-servers.ts';

/** Where the databases of one test file are, on one kind of database. */
export interface Place {
  readonly dialect: Dialect;
  /** Undefined on SQLite. */
  readonly server?: DatabaseServer;
  /** The URL of a database that is empty and nobody else's; it goes away after the tests of the file. */
  freshUrl(): Promise<string>;
  /** A fresh database, opened; it is closed after the tests of the file. */
  open(): Promise<Database>;
  /** Another connection pool, as another process has it. */
  openUrl(url: string): Promise<Database>;
}

const folder = mkdtempSync(join(tmpdir(), 'ferryman-database-'));
let created = 0;

/** What to do after the tests of the file, last things first. */
const leavings: (() => Promise<void>)[] = [];

afterAll(async () => {
  for (const leave of leavings.reverse()) await leave();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the same tests on SQLite, PostgreSQL and MariaDB. A server that is not installed is skipped by name; under CI it fails. */
export async function onEachDialect(title: string, tests: (place: Place) => void): Promise<void> {
  describe(`${title} on SQLite`, () => tests(sqlitePlace()));
  await onServer('postgresql', `${title} on PostgreSQL`, tests);
  await onServer('mariadb', `${title} on MariaDB`, tests);
}

/** Runs tests on one kind of server only. */
export async function onServer(
  kind: 'postgresql' | 'mariadb',
  title: string,
  tests: (place: Place & { readonly server: DatabaseServer }) => void,
): Promise<void> {
  const running = await runningServer(kind);
  if ('server' in running) {
    describe(title, () => tests(serverPlace(kind === 'mariadb' ? 'mysql' : kind, running.server)));
  } else if (process.env.CI === 'true') {
    it(title, () => {
      throw new Error(running.missing);
    });
  } else {
    describe.skip(`${title}: ${running.missing}`, () => {
      it('is not tested', () => {});
    });
  }
}

/** Places for SQLite files, in a folder that goes away after the tests of the file. */
export function sqlitePlace(): Place & { readonly folder: string } {
  const freshUrl = async () => {
    created += 1;
    return `sqlite:///${join(folder, `${created}.db`)}`;
  };
  return { dialect: 'sqlite', folder, freshUrl, open: async () => openUrl(await freshUrl()), openUrl };
}

function serverPlace(dialect: Dialect, server: DatabaseServer): Place & { readonly server: DatabaseServer } {
  const freshUrl = async () => {
    const name = `test_${process.pid}_${Math.random().toString(36).slice(2)}`;
    await server.createDatabase(name);
    leavings.push(() => server.dropDatabase(name));
    return server.url(name);
  };
  return { dialect, server, freshUrl, open: async () => openUrl(await freshUrl()), openUrl };
}

async function openUrl(url: string): Promise<Database> {
  const database = await openDatabase(url);
  leavings.push(() => database.close());
  return database;
}
