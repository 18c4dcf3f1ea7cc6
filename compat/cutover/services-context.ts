import { NoSiteError, openSite, type Site } from '../../migrate/site/site.ts';
import type { Config } from '../../src/config/index.ts';
import { UsageError } from '../../src/errors.ts';
import type { CutoverContext } from './context.ts';
import { followOptions } from './follow-options.ts';

/**
 * What the steps of a cutover work with, from the configuration.
 * @throws UsageError, ConfigError, NoSiteError where the configuration does not lead to a Mailman 2
 */
export function contextOf(
  services: CutoverContext['services'],
  { who, isDryRun }: Pick<CutoverContext, 'who' | 'isDryRun'>,
): CutoverContext {
  const { config, clock } = services;
  return {
    services,
    site: mailman2Site(config),
    follow: followOptions(config, clock),
    who,
    isDryRun,
  };
}

/**
 * The Mailman 2 beside this server for whoever only looks on: what is known of a list can be shown without it too.
 * @returns the problem with it, where there is one
 */
export function siteIfThere(config: Config): {
  readonly site: Site | undefined;
  readonly problem: UsageError | NoSiteError | undefined;
} {
  try {
    return { site: mailman2Site(config), problem: undefined };
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof NoSiteError)) throw error;
    return { site: undefined, problem: error };
  }
}

/** @throws UsageError, NoSiteError */
function mailman2Site({ cutover: { mailman2_var_dir } }: Config): Site {
  if (mailman2_var_dir === '') {
    throw new UsageError("[cutover] mailman2_var_dir is not set: where is Mailman 2's var directory?");
  }
  return openSite(mailman2_var_dir);
}
