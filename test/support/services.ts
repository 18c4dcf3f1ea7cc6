import { type Config, loadConfig } from '../../src/config/index.ts';
import type { Database } from '../../src/database/handle.ts';
import { type UtcTime, utcFromEpoch, utcNow } from '../../src/model/time.ts';
import type { Clock, LoggerName, Services } from '../../src/queue/step.ts';

/** Services for tests: what is logged is kept, nothing asks a real name server. */
export interface TestServices extends Services {
  readonly logged: { readonly logger: LoggerName; readonly line: string }[];
}

export function testServices(database: Database, changes: Partial<Services> = {}): TestServices {
  const logged: TestServices['logged'] = [];
  return {
    config: defaultConfig(),
    database,
    clock: { now: utcNow },
    log: (logger, line) => {
      logged.push({ logger, line });
    },
    resolver: {
      resolveTxt: async () => {
        throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
      },
    },
    ...changes,
    logged,
  };
}

/** The configuration without any file. */
export function defaultConfig(): Config {
  return loadConfig({
    surroundings: {
      env: {},
      cwd: '/nonexistent',
      argv0: '/nonexistent/bin/mailman',
      isFile: () => false,
    },
  });
}

/** A clock that stands still until it is moved; like most moments, this one is not at the beginning of a second. */
export function stoppedClock(start = 1_700_000_000.25): Clock & { advance(seconds: number): void } {
  let seconds = start;
  return {
    now: () => utcFromEpoch(seconds) as UtcTime,
    advance: (by) => {
      seconds += by;
    },
  };
}
