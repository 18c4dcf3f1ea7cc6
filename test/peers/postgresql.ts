import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type DatabaseServer, PASSWORD, type ServerAddress, type StartedServer } from './database-server.ts';
import { findProgram, freePort, makeThrowaway } from './throwaway.ts';

const FOLDERS = ['/usr/lib/postgresql/*/bin', '/usr/local/bin', '/usr/bin'];

/**
 * Starts a PostgreSQL of its own. Its collation is a natural language's, as on most servers, so that a query that
 * relies on the order of bytes shows.
 * @param isDurable whether it waits for the disk, which tests need not
 * @throws MissingPeerError
 */
export async function startPostgresql({ isDurable = false } = {}): Promise<StartedServer> {
  const initdb = findProgram('initdb', FOLDERS);
  const postgres = findProgram('postgres', FOLDERS);
  const throwaway = makeThrowaway('postgres', 'QUIT');
  const data = join(throwaway.folder, 'data');
  const passwordFile = join(throwaway.folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  const prepare = [
    initdb,
    ...['-D', data, '-U', 'ferryman', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '--no-sync'],
    ...['-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en-US'],
  ];
  const port = await freePort();
  const address = {
    host: '127.0.0.1',
    port,
    socket: throwaway.folder,
    user: 'ferryman',
    password: PASSWORD,
  };
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: throwaway.folder,
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    max_connections: '200',
    timezone: 'Asia/Tokyo',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await throwaway.start([prepare, [postgres, '-D', data, '-p', String(port), ...options]], () =>
    answers(address),
  );
  return { address, stop: () => throwaway.stop() };
}

/** A PostgreSQL that is running. */
export function postgresqlServer(address: ServerAddress): DatabaseServer {
  const execute = async (name: string, statement: string) => (await query(address, name, statement)).rows;
  return {
    ...address,
    url: (name) =>
      `postgresql://${address.user}:${encodeURIComponent(address.password)}@${address.host}:${address.port}/${name}`,
    createDatabase: async (name) => {
      await execute('postgres', `CREATE DATABASE ${name}`);
    },
    dropDatabase: async (name) => {
      await execute('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
    execute,
  };
}

async function answers(address: ServerAddress): Promise<boolean> {
  try {
    await query(address, 'postgres', 'SELECT 1');
    return true;
  } catch {
    return false;
  }
}

async function query({ host, port, user, password }: ServerAddress, database: string, statement: string) {
  const client = new pg.Client({ host, port, user, password, database });
  client.on('error', () => {});
  await client.connect();
  try {
    return await client.query<Record<string, unknown>>(statement);
  } finally {
    await client.end();
  }
}
