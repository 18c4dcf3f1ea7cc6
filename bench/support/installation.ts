import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { measure, type Usage } from './child.ts';

/** An installation of one of the two programs, with its own configuration and files in a temporary folder. */
export interface Installation {
  readonly name: string;
  /** Takes away all data. */
  reset(): void;
  /** Runs `mailman` with these arguments. */
  run(...args: readonly string[]): Usage;
  /** How many members the embedded database holds, whatever the program says. */
  countMembers(): number;
}

/** The program under test, as it is built in `dist`. */
const FERRYMAN = fileURLToPath(new URL('../../bin/mailman', import.meta.url));

/** Debian's. */
export const MAILMAN3 = '/usr/bin/mailman';

/**
 * Ferryman.
 * @param databaseUrl of an empty database, instead of the embedded one
 */
export function installFerryman(folder: string, databaseUrl?: string): Installation {
  const database = join(folder, 'var', 'data', 'mailman.db');
  const url = databaseUrl ?? `sqlite:///${database}`;
  const config = writeConfig(folder, [`[database]`, `url: ${url}`]);
  return {
    name: 'Ferryman',
    reset: () => rmSync(join(folder, 'var'), { recursive: true, force: true }),
    run: (...args) => measure(folder, [FERRYMAN, '-C', config, ...args]),
    countMembers: () => count(database, "SELECT count(*) AS total FROM member WHERE role = 'member'"),
  };
}

/** Mailman 3, with the embedded database and without a mail server's maps, which Ferryman does not write yet. */
export function installMailman3(folder: string): Installation {
  const database = join(folder, 'var', 'data', 'mailman.db');
  const config = writeConfig(folder, [
    '[database]',
    'class: mailman.database.sqlite.SQLiteDatabase',
    `url: sqlite:///${database}`,
    '[mta]',
    'incoming: mailman.mta.null.NullMTA',
  ]);
  return {
    name: 'Mailman 3',
    reset: () => rmSync(join(folder, 'var'), { recursive: true, force: true }),
    run: (...args) => measure(folder, [MAILMAN3, '--run-as-root', '-C', config, ...args]),
    countMembers: () => count(database, 'SELECT count(*) AS total FROM member WHERE role = 1'),
  };
}

function writeConfig(folder: string, sections: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'mailman.cfg');
  const layout = ['[mailman]', 'layout: bench', '[paths.bench]', `var_dir: ${join(folder, 'var')}`];
  writeFileSync(file, `${[...layout, ...sections].join('\n')}\n`);
  return file;
}

function count(file: string, query: string): number {
  const database = new Database(file, { readonly: true, fileMustExist: true });
  try {
    return database.prepare<[], { total: number }>(query).get()?.total ?? 0;
  } finally {
    database.close();
  }
}
