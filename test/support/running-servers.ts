import { inject } from 'vitest';
import type { DatabaseServer, ServerAddress } from '../peers/database-server.ts';
import { mariadbServer } from '../peers/mariadb.ts';
import { postgresqlServer } from '../peers/postgresql.ts';

/** A server of this test run, or why there is none. */
export type RunningServer = { readonly server: DatabaseServer } | { readonly missing: string };

const clients = { postgresql: postgresqlServer, mariadb: mariadbServer };

/** The run's server of one kind, started now if it is the first time that a test asks for it. */
export async function runningServer(kind: keyof typeof clients): Promise<RunningServer> {
  const response = await fetch(`http://127.0.0.1:${inject('serversPort')}/${kind}`);
  const answer = (await response.json()) as { address?: ServerAddress; missing?: string; reason?: string };
  if (answer.address) return { server: clients[kind](answer.address) };
  if (answer.missing !== undefined) return { missing: answer.missing };
  throw new Error(`${kind} does not start: ${answer.reason}`);
}
