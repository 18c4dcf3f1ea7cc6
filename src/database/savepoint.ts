import type { Connection } from './handle.ts';
import type { PostgresqlHandle } from './postgresql-statement.ts';
import { forgetAllReads } from './read-once.ts';
import { ask, guarded, handleOf } from './statement-handle.ts';

let savepoints = 0;

/** Runs `work` so that what it did to the database is undone, and nothing else of the transaction, when it throws. */
export async function inSavepoint<T>(connection: Connection, work: () => Promise<T>): Promise<T> {
  const handle = await handleOf(connection);
  // MariaDB forgets a savepoint when another gets its name.
  savepoints = (savepoints + 1) % 1_000_000;
  const name = `step_${savepoints}`;
  const savepoint = handle?.postgresql
    ? postgresqlSavepoint(connection, handle.postgresql, name)
    : plainSavepoint(async (sql) => {
        if (handle?.sqlite) guarded(connection, () => handle.sqlite.exec(sql));
        else await connection.raw(sql);
      }, name);
  await savepoint.begin();
  try {
    const result = await work();
    await savepoint.end();
    return result;
  } catch (error) {
    forgetAllReads(connection);
    // Where the transaction itself is gone, its own error matters more.
    await savepoint.undo().catch(() => {});
    throw error;
  }
}

interface Savepoint {
  begin(): Promise<void>;
  end(): Promise<void>;
  undo(): Promise<void>;
}

function plainSavepoint(command: (sql: string) => Promise<void>, name: string): Savepoint {
  const release = () => command(`RELEASE SAVEPOINT ${name}`);
  return {
    begin: () => command(`SAVEPOINT ${name}`),
    end: release,
    undo: async () => {
      await command(`ROLLBACK TO SAVEPOINT ${name}`).catch(() => {});
      await release();
    },
  };
}

/** The last savepoint of a transaction that is over but not released yet; COMMIT does that as well. */
const ended = new WeakMap<Connection, string>();

/**
 * What is asked for next follows the beginning of a savepoint on its way; there is no need to wait in between. Its end
 * need not be told before the next one begins: one message for both.
 */
function postgresqlSavepoint(connection: Connection, handle: PostgresqlHandle, name: string): Savepoint {
  let begun: Promise<unknown> = Promise.resolve();
  return {
    begin: async () => {
      const last = ended.get(connection);
      const release = last === undefined ? '' : `RELEASE SAVEPOINT ${last}; `;
      ended.delete(connection);
      begun = ask(connection, handle, `${release}SAVEPOINT ${name}`);
      begun.catch(() => {});
    },
    end: async () => {
      await begun;
      ended.set(connection, name);
    },
    undo: async () => {
      ended.delete(connection);
      await ask(connection, handle, `ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`);
    },
  };
}
