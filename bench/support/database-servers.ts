import type { DatabaseServer, StartedServer } from '../../test/peers/database-server.ts';
import { mariadbServer, startMariadb } from '../../test/peers/mariadb.ts';
import { postgresqlServer, startPostgresql } from '../../test/peers/postgresql.ts';
import { MissingPeerError } from '../../test/peers/throwaway.ts';
import { median, type Usage } from './child.ts';
import { announce, CROWD_LIST } from './import-steps.ts';
import { installFerryman } from './installation.ts';

const SERVERS: readonly {
  readonly name: string;
  readonly start: () => Promise<StartedServer>;
  readonly connect: (address: StartedServer['address']) => DatabaseServer;
}[] = [
  { name: 'PostgreSQL', start: startPostgresql, connect: postgresqlServer },
  { name: 'MariaDB', start: startMariadb, connect: mariadbServer },
];

/**
 * Imports a config.pck into each database server that is installed, a throw-away one that does not wait for the disk.
 * @returns by the name of the server
 */
export async function importIntoServers(
  folder: string,
  file: string,
  size: number,
  runs: number,
): Promise<Map<string, Usage>> {
  const usages = new Map<string, Usage>();
  for (const { name, start, connect } of SERVERS) {
    announce(`Ferryman with ${name}: import21 of ${size}`);
    let started: StartedServer;
    try {
      started = await start();
    } catch (error) {
      if (!(error instanceof MissingPeerError)) throw error;
      announce(`  left out: ${error.message}`);
      continue;
    }
    try {
      usages.set(name, await importInto(connect(started.address), folder, file, size, runs));
    } finally {
      await started.stop();
    }
  }
  return usages;
}

async function importInto(
  server: DatabaseServer,
  folder: string,
  file: string,
  size: number,
  runs: number,
): Promise<Usage> {
  const usages: Usage[] = [];
  for (let run = 0; run < runs; run++) {
    const database = `bench_${run}`;
    await server.createDatabase(database);
    // What is between the signs of a substitution in mailman.cfg is doubled: a `$` in a password.
    const ferryman = installFerryman(folder, server.url(database).replaceAll('$', '$$$$'));
    ferryman.run('create', CROWD_LIST);
    usages.push(ferryman.run('import21', CROWD_LIST, file));
    const rows = await server.execute(database, "SELECT count(*) AS total FROM member WHERE role = 'member'");
    if (Number(rows[0]?.total) !== size)
      throw new Error(`import21 gave ${rows[0]?.total} members of ${size}`);
    await server.dropDatabase(database);
  }
  return median(usages);
}
