import type { Config } from '../config/index.ts';
import { openConfiguredDatabase } from '../database/open-configured.ts';
import { utcNow } from '../model/time.ts';
import type { Services } from '../queue/step.ts';
import { type Logs, openLogs } from './logs.ts';
import { systemResolver } from './resolver.ts';

/** The services of a running server, and what ends them. */
export interface OpenServices {
  readonly services: Services;
  readonly logs: Logs;
  close(): Promise<void>;
}

/** Opens the database and the logs. @throws DatabaseError */
export async function openServices(config: Config): Promise<OpenServices> {
  const logs = openLogs(config);
  const database = await openConfiguredDatabase(config);
  return {
    services: {
      config,
      database,
      clock: { now: utcNow },
      log: logs.log,
      resolver: systemResolver(config),
    },
    logs,
    close: async () => {
      await database.close();
      logs.close();
    },
  };
}
