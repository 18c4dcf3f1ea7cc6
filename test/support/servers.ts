import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { StartedServer } from '../peers/database-server.ts';
import { startMariadb } from '../peers/mariadb.ts';
import { startPostgresql } from '../peers/postgresql.ts';
import { MissingPeerError } from '../peers/throwaway.ts';

const starters: Readonly<Record<string, () => Promise<StartedServer>>> = {
  '/postgresql': startPostgresql,
  '/mariadb': startMariadb,
};

declare module 'vitest' {
  interface ProvidedContext {
    serversPort: number;
  }
}

/**
 * One server of each kind serves a whole test run. It starts when the first test file asks for it, here in vitest's
 * main process, and stops with the run.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started = new Map<string, Promise<StartedServer>>();
  const broker = createServer(async (request, response) => {
    const kind = request.url ?? '';
    const starter = starters[kind];
    try {
      if (!starter) throw new Error(`No server ${kind}`);
      const server = started.get(kind) ?? starter();
      started.set(kind, server);
      response.end(JSON.stringify({ address: (await server).address }));
    } catch (error) {
      const reason = (error as Error).message;
      response.end(JSON.stringify(error instanceof MissingPeerError ? { missing: reason } : { reason }));
    }
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  broker.unref();
  project.provide('serversPort', (broker.address() as AddressInfo).port);
  return async () => {
    broker.closeAllConnections();
    broker.close();
    await Promise.allSettled([...started.values()].map(async (server) => (await server).stop()));
  };
}
