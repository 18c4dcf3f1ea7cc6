import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll } from 'vitest';
import { insertBans } from '../../src/database/bans.ts';
import { openDatabase } from '../../src/database/connection.ts';

/** The program as users start it. */
export const MAILMAN = fileURLToPath(new URL('../../bin/mailman', import.meta.url));

/** What a command did. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A server of its own in a folder that disappears with the test file. */
export interface Installation {
  readonly folder: string;
  /** Runs `mailman` with this server's configuration. */
  readonly mailman: (...argv: readonly string[]) => Outcome;
  /** The same with a text on standard input. */
  readonly mailmanReading: (input: string | Uint8Array, ...argv: readonly string[]) => Outcome;
  /** Runs a shell command in which `$mailman` is this server's `mailman`. */
  readonly shell: (script: string) => Outcome;
  /** Changes the database behind the program's back, for what no command can do yet. */
  readonly sql: (statement: string, ...values: readonly unknown[]) => void;
  /** Bans an address or pattern from a list (its List-Id), or from all. */
  readonly ban: (listId: string | null, email: string) => Promise<void>;
  /** The rows of a query, where no command shows them. */
  readonly query: (statement: string) => Record<string, unknown>[];
  /** Writes a file into the folder and gives its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
}

const folders: string[] = [];

afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** @param settings what mailman.cfg says beside the folder to use; what comes before a section belongs to [mailman] */
export function install(settings = ''): Installation {
  const folder = mkdtempSync(join(tmpdir(), 'ferryman-cli-'));
  folders.push(folder);
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  const layout = `[paths.test]\nvar_dir: ${folder}/var\n[web]\nport: 0\n[webservice]\nport: 0\n[mailman]\nlayout: test\n`;
  const config = file('mailman.cfg', layout + settings);
  const mailmanReading: Installation['mailmanReading'] = (input, ...argv) =>
    run(MAILMAN, ['-C', config, ...argv], folder, input);
  return {
    folder,
    mailman: (...argv) => mailmanReading('', ...argv),
    mailmanReading,
    shell: (script) => run('sh', ['-c', `mailman='${MAILMAN} -C ${config}'\n${script}`], folder, ''),
    sql: (statement, ...values) => {
      const database = new Database(join(folder, 'var/data/mailman.db'));
      database.prepare(statement).run(...values);
      database.close();
    },
    ban: async (listId, email) => {
      const database = await openDatabase(`sqlite:///${join(folder, 'var/data/mailman.db')}`);
      await insertBans(database.connection, [{ listId, email }]);
      await database.close();
    },
    query: (statement) => {
      const database = new Database(join(folder, 'var/data/mailman.db'), { readonly: true });
      try {
        return database.prepare<[], Record<string, unknown>>(statement).all();
      } finally {
        database.close();
      }
    },
    file,
  };
}

/** Runs `mailman` in a folder, without a configuration of its own. */
export function runMailman(argv: readonly string[], cwd: string, env: Record<string, string> = {}): Outcome {
  return run(MAILMAN, argv, cwd, '', env);
}

/** A list with these members; a line is what addmembers reads. */
export function makeList(
  { mailmanReading, mailman }: Installation,
  address: string,
  ...lines: string[]
): void {
  succeed(mailman('create', '-q', address));
  if (lines.length > 0) succeed(mailmanReading(lines.join('\n'), 'addmembers', '-', address));
}

/** What a command wrote, which must have gone well. */
export function succeed({ status, stdout, stderr }: Outcome): string {
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
  return stdout;
}

/** What the last line of a refusal says. */
export function problemOf({ stderr }: Outcome): string | undefined {
  return stderr.trimEnd().split('\n').at(-1);
}

function run(
  program: string,
  argv: readonly string[],
  cwd: string,
  input: string | Uint8Array,
  env: Record<string, string> = {},
): Outcome {
  const { MAILMAN_CONFIG_FILE: _, MAILMAN_VAR_DIR: __, ...inherited } = process.env;
  const result: SpawnSyncReturns<string> = spawnSync(program, argv, {
    cwd,
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { ...inherited, HOME: cwd, ...env },
  });
  if (result.error) throw result.error;
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}
