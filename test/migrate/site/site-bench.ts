import { type RunOptions, type RunReport, runSite } from '../../../migrate/site/run.ts';
import { openSite } from '../../../migrate/site/site.ts';
import { openDatabase } from '../../../src/database/connection.ts';
import type { Database } from '../../../src/database/handle.ts';
import { findList } from '../../../src/database/lists.ts';
import { listRules } from '../../../src/lists/rules.ts';
import type { MailingList } from '../../../src/model/mailing-list.ts';
import { runStep } from '../../../src/queue/enqueue.ts';
import type { Step } from '../../../src/queue/step.ts';
import { stoppedClock, testServices } from '../../support/services.ts';
import { expectedSite, listIdOf, SITE } from './fixture-site.ts';

/** A database into which sites are brought, at the moment when the fixture site was captured. */
export interface SiteBench {
  readonly database: Database;
  readonly clock: ReturnType<typeof stoppedClock>;
  run(path?: string, changes?: Partial<RunOptions>): Promise<RunReport>;
  list(name: string): Promise<MailingList>;
  /** Runs `work` as a step of the flow. */
  step<T>(work: (step: Step) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function openSiteBench(url = 'sqlite:///:memory:'): Promise<SiteBench> {
  const database = await openDatabase(url);
  const clock = stoppedClock(expectedSite.captured_at);
  const services = testServices(database, { clock });
  const { config } = services;
  return {
    database,
    clock,
    run: (path = SITE, changes = {}) => {
      const site = openSite(path);
      return runSite(database, site, {
        lists: site.listNames,
        domainOf: new Map(),
        clock,
        style: config.styles.default,
        language: config.mailman.default_language,
        rules: listRules(config),
        moderatorLife: config.mailman.moderator_request_life,
        siteOwner: config.mailman.site_owner,
        queues: false,
        bounceEvents: true,
        dryRun: false,
        progress: () => undefined,
        ...changes,
      });
    },
    list: async (name) => {
      const list = await findList(database.connection, listIdOf(name));
      if (!list) throw new Error(`no list ${name}`);
      return list;
    },
    step: (work) => runStep(services, work),
    close: () => database.close(),
  };
}
