import { statSync } from 'node:fs';
import { ensureDirectories } from '../config/directories.ts';
import type { Config } from '../config/index.ts';
import type { Connection, Database } from '../database/handle.ts';
import { UsageError } from '../errors.ts';
import type { Output } from './output.ts';

/** What every command works with. */
export interface CliContext extends Output {
  /** The configuration, read at the first use, with the run-time directories made. */
  readonly config: () => Config;
  /** The configuration alone, for who only looks or sends a signal: nothing is made, so the superuser may always do so. */
  readonly settings: () => Config;
  /** Opens the database, runs `work`, closes it. */
  readonly withDatabase: <T>(work: (database: Database) => Promise<T>) => Promise<T>;
  /**
   * Runs `work` in one transaction: committed when it returns, rolled back when it throws. It runs again where another
   * process got in the way.
   */
  readonly transaction: <T>(work: (connection: Connection) => Promise<T>) => Promise<T>;
  /** Makes the command end with this status although nothing is thrown. */
  readonly setExitStatus: (status: number) => void;
  readonly exitStatus: () => number;
}

/**
 * @param load reads the configuration
 * @param runAsRoot whether the superuser may work on files of somebody else
 */
export function openContext(load: () => Config, runAsRoot: boolean, output: Output): CliContext {
  let loaded: Config | undefined;
  let isReady = false;
  let status = 0;
  const settings = (): Config => {
    loaded ??= load();
    return loaded;
  };
  const getConfig = (): Config => {
    const config = settings();
    if (!isReady) {
      if (!runAsRoot) refuseForeignFiles(config);
      ensureDirectories(config);
      isReady = true;
    }
    return config;
  };
  const withDatabase: CliContext['withDatabase'] = async (work) => {
    const opened = getConfig();
    const { openConfiguredDatabase } = await import('../database/open-configured.ts');
    const database = await openConfiguredDatabase(opened);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  };
  return {
    ...output,
    config: getConfig,
    settings,
    withDatabase,
    transaction: (work) =>
      withDatabase(async (database) => {
        const { despiteRivals } = await import('../database/rivals.ts');
        return despiteRivals(() => database.transaction(work));
      }),
    setExitStatus: (wanted) => {
      status = wanted;
    },
    exitStatus: () => status,
  };
}

/** Files that the superuser makes in a folder of the server's own user could not be written by the server. */
function refuseForeignFiles(config: Config): void {
  if (process.getuid?.() !== 0) return;
  const folder = statSync(config.paths.var_dir, { throwIfNoEntry: false });
  if (folder && folder.uid !== 0) {
    throw new UsageError(
      `${config.paths.var_dir} belongs to user ${folder.uid}: run this as that user, or specify --run-as-root.`,
    );
  }
}
