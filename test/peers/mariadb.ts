import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { type DatabaseServer, PASSWORD, type ServerAddress, type StartedServer } from './database-server.ts';
import { findProgram, freePort, makeThrowaway } from './throwaway.ts';

const FOLDERS = ['/usr/sbin', '/usr/bin', '/usr/local/bin', '/usr/libexec'];

/**
 * Starts a MariaDB of its own, as lenient and as little Unicode by default as an administrator may have left it.
 * @throws MissingPeerError
 */
export async function startMariadb(): Promise<StartedServer> {
  const install = findProgram('mariadb-install-db', FOLDERS);
  const mariadbd = findProgram('mariadbd', FOLDERS);
  const throwaway = makeThrowaway('mysql', 'KILL');
  const data = join(throwaway.folder, 'data');
  const prepare = [
    install,
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
  ];
  const port = await freePort();
  const socket = join(throwaway.folder, 'socket');
  const address = { host: '127.0.0.1', port, socket, user: 'ferryman', password: PASSWORD };
  const options = {
    datadir: data,
    socket,
    'pid-file': join(throwaway.folder, 'pid'),
    port: String(port),
    'bind-address': '127.0.0.1',
    'skip-name-resolve': '1',
    'max-connections': '200',
    'innodb-flush-log-at-trx-commit': '0',
    'innodb-flush-method': 'nosync',
    'innodb-doublewrite': '0',
    'innodb-log-file-size': '32M',
    'debug-no-sync': '1',
    'character-set-server': 'latin1',
    'sql-mode': '',
    'default-time-zone': '+09:00',
  };
  const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
  await throwaway.start([prepare, [mariadbd, '--no-defaults', ...args]], () => makeAccounts(socket));
  return { address, stop: () => throwaway.stop() };
}

/** A MariaDB that is running. */
export function mariadbServer(address: ServerAddress): DatabaseServer {
  const { host, port, user, password } = address;
  const execute = async (database: string, statement: string) => {
    const connection = await createConnection({ host, port, user, password, database });
    try {
      const [rows] = await connection.query(statement);
      return Array.isArray(rows) ? (rows as Record<string, unknown>[]) : [];
    } finally {
      await connection.end();
    }
  };
  return {
    ...address,
    url: (name) => `mysql+pymysql://${user}:${encodeURIComponent(password)}@${host}:${port}/${name}`,
    createDatabase: async (name) => {
      await execute('mysql', `CREATE DATABASE ${name}`);
    },
    dropDatabase: async (name) => {
      await execute('mysql', `DROP DATABASE IF EXISTS ${name}`);
    },
    execute,
  };
}

/** Makes the account as soon as the server answers; from then on root needs the password as well. */
async function makeAccounts(socketPath: string): Promise<boolean> {
  try {
    const connection = await createConnection({ socketPath, user: 'root' });
    const password = connection.escape(PASSWORD);
    await connection.query(`CREATE USER ferryman@'%' IDENTIFIED BY ${password}`);
    await connection.query("GRANT ALL ON *.* TO ferryman@'%' WITH GRANT OPTION");
    await connection.query(`ALTER USER root@localhost IDENTIFIED BY ${password}`);
    await connection.end();
    return true;
  } catch {
    return false;
  }
}
