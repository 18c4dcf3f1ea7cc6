import { ListsFollower } from '../../migrate/follow/follow-lists.ts';
import { describeFollowed } from '../../migrate/follow/follow-text.ts';
import { openSite } from '../../migrate/site/site.ts';
import { allCutovers } from '../../src/database/cutover.ts';
import { FerrymanError } from '../../src/errors.ts';
import { isMailman2InCharge } from '../../src/model/cutover.ts';
import type { Services } from '../../src/queue/step.ts';
import { followOptions } from './follow-options.ts';
import { LogFollower } from './logs/follow-logs.ts';
import { settlePosts } from './settle.ts';

interface Parts {
  readonly lists: ListsFollower;
  readonly logs: LogFollower;
}

/** Keeps lists equal to those of the Mailman 2 that runs beside this server, and notes what it does with their posts. */
export class Mailman2Follower {
  readonly #services: Services;
  #parts: Parts | undefined;
  #problem = '';

  constructor(services: Services) {
    this.#services = services;
  }

  /** One look at everything. What stands in the way is logged, once for as long as it lasts. */
  async look(): Promise<void> {
    try {
      await this.#look();
      this.#problem = '';
    } catch (error) {
      if (!(error instanceof FerrymanError)) throw error;
      if (error.message !== this.#problem)
        this.#services.log('error', `Following Mailman 2: ${error.message}`);
      this.#problem = error.message;
    }
  }

  async #look(): Promise<void> {
    const { database, log } = this.#services;
    const all = [...(await allCutovers(database.connection)).values()];
    // When all have left it, Mailman 2 may be gone.
    if (all.length > 0 && all.every(({ stage }) => stage === 'retired')) return;
    const { lists, logs } = this.#open();
    const theirs = all.filter(({ stage }) => isMailman2InCharge(stage));
    for (const { cutover, followed } of await lists.look(theirs)) {
      const text = describeFollowed(followed);
      const logger = followed.kind === 'failed' ? 'error' : 'task';
      if (text !== '') log(logger, `Mailman 2's list ${cutover.mailman2Name}: ${text}`);
    }
    await logs.look();
    await settlePosts(this.#services);
  }

  /** At the first look, and again where its folder was not there. @throws NoSiteError */
  #open(): Parts {
    if (this.#parts) return this.#parts;
    const { config, database, clock } = this.#services;
    const site = openSite(config.cutover.mailman2_var_dir);
    this.#parts = {
      lists: new ListsFollower(database, site, followOptions(config, clock)),
      logs: new LogFollower(this.#services, site),
    };
    return this.#parts;
  }
}
