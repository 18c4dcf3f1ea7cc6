import { statSync } from 'node:fs';
import { ensureDirectories } from '../config/directories.ts';
import type { Config } from '../config/index.ts';
import type { Database } from '../database/handle.ts';
import { UsageError } from '../errors.ts';

/** What every command works with. */
export interface CliContext {
  /** The configuration, read at the first use, with the run-time directories made. */
  readonly config: () => Config;
  /** Writes a line of results to standard output. */
  readonly print: (line: string) => void;
  /** Writes a line for people to standard error: warnings, progress. */
  readonly warn: (line: string) => void;
  /** Opens the database, runs `work`, closes it. */
  readonly withDatabase: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
  /** Makes the command end with this status although nothing is thrown. */
  readonly setExitStatus: (status: number) => void;
  readonly exitStatus: () => number;
}

/**
 * @param load reads the configuration
 * @param runAsRoot whether the superuser may work on files of somebody else
 */
export function openContext(load: () => Config, runAsRoot: boolean): CliContext {
  let config: Config | undefined;
  let status = 0;
  const getConfig = (): Config => {
    if (!config) {
      config = load();
      ensureDirectories(config);
      if (!runAsRoot) refuseForeignFiles(config);
    }
    return config;
  };
  return {
    config: getConfig,
    print: (line) => process.stdout.write(`${line}\n`),
    warn: (line) => process.stderr.write(`${line}\n`),
    withDatabase: async (work) => {
      const { url } = getConfig().database;
      const { openDatabase } = await import('../database/connection.ts');
      const database = await openDatabase(url);
      try {
        return await work(database);
      } finally {
        await database.close();
      }
    },
    setExitStatus: (wanted) => {
      status = wanted;
    },
    exitStatus: () => status,
  };
}

/** Files that the superuser makes in a folder of the server's own user could not be written by the server. */
function refuseForeignFiles(config: Config): void {
  if (process.getuid?.() !== 0) return;
  const { uid } = statSync(config.paths.var_dir);
  if (uid !== 0) {
    throw new UsageError(
      `${config.paths.var_dir} belongs to user ${uid}: run this as that user, or specify --run-as-root.`,
    );
  }
}
